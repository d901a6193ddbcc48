"""What a recovery would do, and what became of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ...core.frozen import FrozenDict
from ...core.jsonable import to_jsonable
from ...core.types import Effect
from .permission import Mode
from .recipe import How

RecoveryOutcome = Literal["success", "partial", "failed", "skipped"]


@dataclass(frozen=True, slots=True)
class PlannedPath:
    """Name a path that would be touched."""

    path: str
    how: How
    there: bool
    """Whether there is anything to set safe."""


@dataclass(frozen=True, slots=True)
class Ruled:
    """Name a recipe that was ruled out, and why."""

    recipe: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class RecoveryPlan:
    """Say exactly what a recovery would do here."""

    recipe: str | None
    """None: there is nothing to do; ``ruled_out`` says why."""
    title: str = ""
    mode: Mode = "off"
    """How far errclass may go with it."""
    touches: tuple[PlannedPath, ...] = ()
    outside: tuple[str, ...] = ()
    steps: tuple[tuple[str, ...], ...] = ()
    """Argument lists, placeholders filled in; a file is copied by ``copy``, source and target."""
    check: tuple[tuple[str, ...], ...] = ()
    back: tuple[tuple[str, ...], ...] = ()
    cost: float = 0.0
    """Seconds that it usually takes."""
    effect: Effect | None = None
    ruled_out: tuple[Ruled, ...] = ()
    others: tuple[str, ...] = ()
    """Recipes that would fit as well, best first."""

    def to_dict(self) -> dict[str, Any]:
        """Return all fields, JSON-ready."""
        values: dict[str, Any] = to_jsonable(self)
        return values


@dataclass(frozen=True, slots=True)
class RecoveryResult:
    """Say what became of one recovery."""

    outcome: RecoveryOutcome
    reason: str
    """One of a fixed set of words; empty for a success."""
    strategy: str | None = None
    """Name of the recipe."""
    actions: tuple[str, ...] = ()
    """What was done, in order, for a person."""
    restored: tuple[str, ...] = ()
    """Paths that were put back."""
    details: Mapping[str, Any] = field(default_factory=FrozenDict)
    recovery_id: str = ""
    seconds: float = 0.0

    def to_dict(self) -> dict[str, Any]:
        """Return all fields, JSON-ready."""
        values: dict[str, Any] = to_jsonable(self)
        return values
