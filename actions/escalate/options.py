"""How much is handed on at a time, and how patiently."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ...core.types import Severity
from .handlers import DEADLINE
from .service_levels import SERVICE_LEVELS, ServiceLevel


@dataclass(frozen=True, slots=True)
class ManagerOptions:
    """Say how much is done at a time, and how long it may take."""

    concurrent: int = 10
    deadline: float = DEADLINE
    """Seconds for a handler with its repetitions, unless it was registered with another."""
    levels: Mapping[Severity, ServiceLevel] = field(default_factory=lambda: SERVICE_LEVELS)
