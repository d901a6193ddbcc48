"""Handle failures: decide, call again, recover, hand on, tell, and keep what came of it.

The names below are imported on first use: a guarded function that succeeds needs nothing of this room.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.lazy import import_lazily

if TYPE_CHECKING:
    from .error_handling_system import ErrorHandlingSystem
    from .error_log_handler import ErrorLogHandler
    from .handling_result import HandlingResult
    from .health_status import HealthStatus

__all__ = ["ErrorHandlingSystem", "ErrorLogHandler", "HandlingResult", "HealthStatus"]

_HOMES = {
    "error_handling_system": ("ErrorHandlingSystem",),
    "error_log_handler": ("ErrorLogHandler",),
    "handling_result": ("HandlingResult",),
    "health_status": ("HealthStatus",),
}

if not TYPE_CHECKING:  # a type checker that saw it would take any name for a public one
    __getattr__ = import_lazily(__name__, _HOMES)
