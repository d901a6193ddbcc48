"""The circuit breaker that the settings want."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from ..actions.breaker import BreakerOptions, FailuresInWindow, HalfOpen
from ..core.errors import ErrclassError

if TYPE_CHECKING:
    from ..core.types import Context
    from .settings import Settings

_log = logging.getLogger("errclass")


def choose_breaker(settings: Settings, context: Context | None = None) -> BreakerOptions | None:
    """Return the options of a breaker for operations of this context; None where there is to be none."""
    if context is not None:
        settings = settings.for_call(component=context.component, environment=context.environment)
    wanted = settings.breaker
    if not settings.enable.circuit_breaker:
        return None
    return BreakerOptions(
        FailuresInWindow(wanted.failures, wanted.window),
        wanted.open_for,
        HalfOpen(wanted.permits, successes=wanted.successes),
    )


def read_settings_for_retries() -> Settings | None:
    """Return the settings; None where they are wrong, which is logged: a retry must not fail by them."""
    from .settings import load_settings  # not before somebody leaves the choice to them

    try:
        return load_settings()
    except ErrclassError as error:
        _log.warning("errclass.settings_unreadable: %s", error)
        return None
