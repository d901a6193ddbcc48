"""The circuit breaker that the settings want."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from ..actions.breaker import BreakerOptions, FailuresInWindow, HalfOpen
from ..core.errors import ErrclassError

if TYPE_CHECKING:
    from .settings import Settings

_log = logging.getLogger("errclass")


def choose_breaker(
    settings: Settings, *, component: str | None = None, environment: str | None = None
) -> BreakerOptions | None:
    """Return the options of a breaker for operations there; None where there is to be none."""
    wanted = settings.for_call(component=component, environment=environment)
    if not wanted.enable.circuit_breaker:
        return None
    breaker = wanted.breaker
    return BreakerOptions(
        FailuresInWindow(breaker.failures, breaker.window),
        breaker.open_for,
        HalfOpen(breaker.permits, successes=breaker.successes),
    )


def read_settings_for_retries() -> Settings | None:
    """Return the settings; None where they are wrong, which is logged: a retry must not fail by them."""
    from .settings import load_settings  # not before somebody leaves the choice to them

    try:
        return load_settings()
    except ErrclassError as error:
        _log.warning("errclass.settings_unreadable: %s", error)
        return None
