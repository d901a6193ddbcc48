"""The context of an operation, as far as the settings know it."""

from __future__ import annotations

from ..core.types import Context
from .settings import Settings


def make_context(settings: Settings) -> Context:
    """Return a context that says what the settings say of every operation."""
    return Context(environment=settings.environment, component=settings.component, operation=settings.operation)
