"""Turn a failed deployment or CI job into the right next step.

``errclass.decide(error)`` says what a failure is and what to do about it; ``errclass.classify_error(error)`` only what
it is. The names below are imported on first use, so that ``import errclass`` stays light.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .core.lazy import import_lazily

if TYPE_CHECKING:
    from .core.errors import (
        ConfigError,
        ErrclassError,
        MissingExtraError,
        ModelError,
        PolicyError,
        StoreError,
        UntrustedError,
        UsageError,
    )
    from .core.types import Classification, Context, Decision, Failure, Outcome
    from .outcomes import Store
    from .system.deciding import classify_error, decide

    __version__: str

__all__ = [
    "Classification",
    "ConfigError",
    "Context",
    "Decision",
    "ErrclassError",
    "Failure",
    "MissingExtraError",
    "ModelError",
    "Outcome",
    "PolicyError",
    "Store",
    "StoreError",
    "UntrustedError",
    "UsageError",
    "__version__",
    "classify_error",
    "decide",
]

_HOMES = {
    "core.errors": (
        "ConfigError",
        "ErrclassError",
        "MissingExtraError",
        "ModelError",
        "PolicyError",
        "StoreError",
        "UntrustedError",
        "UsageError",
    ),
    "core.types": ("Classification", "Context", "Decision", "Failure", "Outcome"),
    "outcomes": ("Store",),
    "system.deciding": ("classify_error", "decide"),
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
