"""One rule: metadata, conditions, effects and the cases that prove it."""

from __future__ import annotations

from dataclasses import dataclass

from ..core.types import Facts
from .conditions import Condition, all_hold
from .effects import Effect


@dataclass(frozen=True, slots=True)
class Case:
    """State what a rule does, alone, on some facts."""

    name: str
    facts: Facts
    fires: bool
    expect: Facts
    """Facts that must hold afterwards; empty for a case that stays silent."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Hold one rule of a policy."""

    id: str
    """``stage/name``."""
    title: str
    priority: int
    """Within a stage the lower number fires first; ties go by id."""
    when: tuple[Condition, ...]
    unless: tuple[tuple[Condition, ...], ...]
    """Vetoes: one whose conditions all hold keeps the rule silent."""
    then: tuple[Effect, ...]
    because: str
    cases: tuple[Case, ...] = ()

    @property
    def stage(self) -> str:
        """The stage that the rule belongs to."""
        return self.id.partition("/")[0]

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """``when``, and what ``then`` needs: a rule waits until it can say all that it has to say."""
        return self.when + tuple(need for effect in self.then for need in effect.needs)

    @property
    def always_fires(self) -> bool:
        """Whether nothing can keep it silent."""
        return not self.conditions and not self.unless

    @property
    def vetoing_tests(self) -> tuple[Condition, ...]:
        """All conditions of all vetoes."""
        return tuple(condition for veto in self.unless for condition in veto)

    @property
    def reads(self) -> frozenset[str]:
        """Names of the facts that the rule looks at."""
        tested = {name for condition in self.conditions + self.vetoing_tests for name in condition.reads}
        return frozenset(tested | {effect.source for effect in self.then if effect.source is not None})

    @property
    def sets(self) -> tuple[str, ...]:
        """Names of the facts that the rule sets."""
        return tuple(effect.fact for effect in self.then)

    def is_vetoed(self, facts: Facts) -> bool:
        """Say whether an ``unless`` holds."""
        return bool(self.unless) and any(all_hold(veto, facts) for veto in self.unless)
