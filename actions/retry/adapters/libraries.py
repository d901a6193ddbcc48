"""Libraries that are spoken to and never required."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from ....core.errors import MissingExtraError


def import_library(name: str) -> Any:
    """Return the module; raises MissingExtraError where it is not installed."""
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        raise MissingExtraError(name) from error
