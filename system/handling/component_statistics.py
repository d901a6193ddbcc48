"""What each component has done, by the names of the asked-for system."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ...core.jsonable import to_jsonable
from .handling_parts import HandlingParts


def read_components(parts: HandlingParts) -> dict[str, Any]:
    """Return counts by component; one that cannot tell has an ``error`` in place of them."""
    return {name: _read(lambda read=read: read(parts)) for name, read in _COMPONENTS.items()}  # type: ignore[misc] # binds it now


def _read(read: Callable[[], Any]) -> Any:
    try:
        return to_jsonable(read())
    except Exception as error:  # noqa: BLE001 - the rim: one that is ill must not silence the others
        return {"error": f"{type(error).__name__}: {error}"}


def _read_classifier(parts: HandlingParts) -> Mapping[str, Any]:
    loaded = parts.get_parts()
    return {"model_version": loaded.model.version, "rules_revision": loaded.engine.policy.revision}


def _read_codegen(parts: HandlingParts) -> Any:
    agent = parts.get_acting().codegen
    return {"set_up": False} if agent is None else agent.get_statistics()


def _read_recoveries(parts: HandlingParts) -> Mapping[str, Any]:
    chosen = parts.get_settings()
    return {"enabled": chosen.enable.recovery and chosen.acting, "autonomy": chosen.recovery.autonomy}


_COMPONENTS: Mapping[str, Callable[[HandlingParts], Any]] = {
    "classifier": _read_classifier,
    "retry_system": lambda parts: parts.get_retries().get_statistics(),
    "escalation_manager": lambda parts: parts.get_acting().escalations.get_statistics(),
    "recovery_strategies": _read_recoveries,
    "codegen_integration": _read_codegen,
    "environment_reset": lambda parts: {"enabled": parts.get_settings().enable.environment_reset},
    "notification_system": lambda parts: parts.get_acting().notifying.system.get_statistics(),
    "error_analytics": lambda parts: {"enabled": parts.get_settings().enable.analytics},
    "failure_tracking": lambda parts: {"enabled": parts.get_settings().enable.tracking, **_count(parts)},
    "error_reporting": lambda parts: {"enabled": parts.get_settings().enable.reporting},
}


def _count(parts: HandlingParts) -> Mapping[str, Any]:
    stats = parts.get_store().stats()
    return {"store": stats}
