"""How a store is, told without changing it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ..core.frozen import FrozenDict


@dataclass(frozen=True, slots=True)
class SchemaVersions:
    """Hold the schema that one part of a store has, and the one that this errclass writes."""

    found: int
    known: int

    @property
    def is_old(self) -> bool:
        """Whether the next write brings it to a newer one."""
        return 0 < self.found < self.known


@dataclass(frozen=True, slots=True)
class StoreCondition:
    """Say how a store is; a damaged one raises instead."""

    exists: bool = False
    engine: str = ""
    """What keeps the history, with its version, such as ``DuckDB v1.5.5``."""
    schemas: Mapping[str, SchemaVersions] = field(default_factory=FrozenDict)
    """By part: ``inbox`` and ``history``."""
    size_bytes: int = 0
    busy: str = ""
    """Why the history could not be looked at just now: somebody else has it."""


@dataclass(frozen=True, slots=True)
class Backlog:
    """Count what waits to be merged."""

    waiting: int = 0
    parked: int = 0
    """Those of them that cannot be merged."""
    oldest: datetime | None = None
    """When the first thing happened that those tell of that can be."""
