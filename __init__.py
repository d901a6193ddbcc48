"""Turn a failed deployment or CI job into the right next step.

``errclass.decide(error)`` says what a failure is and what to do about it, ``errclass.classify_error(error)`` only what
it is; ``@errclass.retry()`` does it where it is a re-run. The names below are imported on first use, so that
``import errclass`` stays light.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .core.lazy import import_lazily

if TYPE_CHECKING:
    from .actions.breaker import BreakerOptions, CircuitBreaker
    from .actions.codegen import CodegenIntegration
    from .actions.escalate import EscalationManager
    from .actions.notify import Notice, NotificationSystem
    from .actions.recover import RecoveryContext, RecoveryOptions, RecoveryStrategies
    from .actions.reset import EnvironmentReset
    from .actions.retry import Backoff, BudgetOptions
    from .core.errors import (
        CircuitOpenError,
        ConfigError,
        ErrclassError,
        MissingExtraError,
        ModelError,
        PolicyError,
        ServiceError,
        StoreError,
        UntrustedError,
        UsageError,
    )
    from .core.types import Classification, Context, Decision, Failure, Outcome
    from .outcomes import Store
    from .serve.client import AsyncClient, Client
    from .system.alerting import AlertManager
    from .system.analytics import ErrorAnalytics
    from .system.classification_engine import ErrorClassificationEngine
    from .system.deciding import classify_error, decide
    from .system.failure_tracking import FailureTracking
    from .system.handling import ErrorHandlingSystem, ErrorLogHandler, HandlingResult, HealthStatus
    from .system.reporting import ErrorReporting
    from .system.retry_shared import get_retries
    from .system.retry_system import IntelligentRetrySystem
    from .system.retrying import retry, retry_context
    from .system.settings import get_environment_config

    __version__: str

__all__ = [
    "AlertManager",
    "AsyncClient",
    "Backoff",
    "BreakerOptions",
    "BudgetOptions",
    "CircuitBreaker",
    "CircuitOpenError",
    "Classification",
    "Client",
    "CodegenIntegration",
    "ConfigError",
    "Context",
    "Decision",
    "EnvironmentReset",
    "ErrclassError",
    "ErrorAnalytics",
    "ErrorClassificationEngine",
    "ErrorHandlingSystem",
    "ErrorLogHandler",
    "ErrorReporting",
    "EscalationManager",
    "Failure",
    "FailureTracking",
    "HandlingResult",
    "HealthStatus",
    "IntelligentRetrySystem",
    "MissingExtraError",
    "ModelError",
    "Notice",
    "NotificationSystem",
    "Outcome",
    "PolicyError",
    "RecoveryContext",
    "RecoveryOptions",
    "RecoveryStrategies",
    "ServiceError",
    "Store",
    "StoreError",
    "UntrustedError",
    "UsageError",
    "__version__",
    "classify_error",
    "decide",
    "get_environment_config",
    "get_retries",
    "retry",
    "retry_context",
]

_HOMES = {
    "actions.breaker": ("BreakerOptions", "CircuitBreaker"),
    "actions.codegen": ("CodegenIntegration",),
    "actions.escalate": ("EscalationManager",),
    "actions.notify": ("Notice", "NotificationSystem"),
    "actions.recover": ("RecoveryContext", "RecoveryOptions", "RecoveryStrategies"),
    "actions.reset": ("EnvironmentReset",),
    "actions.retry": ("Backoff", "BudgetOptions"),
    "core.errors": (
        "CircuitOpenError",
        "ConfigError",
        "ErrclassError",
        "MissingExtraError",
        "ModelError",
        "PolicyError",
        "ServiceError",
        "StoreError",
        "UntrustedError",
        "UsageError",
    ),
    "core.types": ("Classification", "Context", "Decision", "Failure", "Outcome"),
    "outcomes": ("Store",),
    "serve.client": ("AsyncClient", "Client"),
    "system.alerting": ("AlertManager",),
    "system.analytics": ("ErrorAnalytics",),
    "system.classification_engine": ("ErrorClassificationEngine",),
    "system.deciding": ("classify_error", "decide"),
    "system.failure_tracking": ("FailureTracking",),
    "system.handling": ("ErrorHandlingSystem", "ErrorLogHandler", "HandlingResult", "HealthStatus"),
    "system.reporting": ("ErrorReporting",),
    "system.retry_shared": ("get_retries",),
    "system.retry_system": ("IntelligentRetrySystem",),
    "system.retrying": ("retry", "retry_context"),
    "system.settings": ("get_environment_config",),
}


_import_public = import_lazily(__name__, _HOMES)

if not TYPE_CHECKING:  # a type checker that saw it would take any name for a public one

    def __getattr__(name: str) -> Any:
        """Import a public name on first use and keep it."""
        if name != "__version__":
            return _import_public(name)
        globals()[name] = value = _find_version()
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def _find_version() -> str:
    from importlib.metadata import version

    return version("errclass")
