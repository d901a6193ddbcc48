"""Run rules on sets of values at once: what can happen, and what must, for all facts of a box."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .cone import Cone, ConeStage, Target
from .model import ABSENT

Box = list[int]
"""For every variable the values that are looked at: as a mask."""
_NEVER = 1 << 30
"""A place behind all rules."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """Hold what is known of all facts of a box; too much may seem possible, never too little."""

    masks: Sequence[int]
    """The values that each variable can have in the box."""
    raw: Sequence[int]
    """The values that the rules can set each variable to, in the box or outside of it."""
    can: frozenset[str]
    """Rules that can fire."""
    must: frozenset[str]
    """Rules that fire whatever the values are."""
    last: Mapping[int, int]
    """For each variable the place of the rule after which no other can set it any more."""


class _ImpossibleError(Exception):
    """No facts lie in the box."""


def explore(cone: Cone, box: Box) -> Outlook | None:
    """Return what can happen in the box; None when no facts can lie in it."""
    run = _Run(cone, box)
    try:
        run.run_stages()
    except _ImpossibleError:
        return None
    return Outlook(run.masks, run.raw, frozenset(run.can), frozenset(run.must), run.last)


class _Run:
    """Hold one run through the stages of a cone."""

    def __init__(self, cone: Cone, box: Box) -> None:
        self.cone, self.box = cone, box
        self.masks = list(box)
        self.raw = list(box)
        self.can: set[str] = set()
        self.must: set[str] = set()
        self.last: dict[int, int] = {}

    def run_stages(self) -> None:
        """Run all stages, each on what those before it left."""
        for stage in self.cone.stages:
            self._start(stage)
            self._spread(stage)
            for target in stage.targets:
                self._narrow(target.variable, self.box[target.variable])
            self._settle(stage)

    def _start(self, stage: ConeStage) -> None:
        """Give each variable the values it has before the stage, and find whose word is the last on it.

        A rule that is ready when the stage starts fires before all that come after it in order: of what both set, only
        the former's counts.
        """
        for target in stage.targets:
            early = (rule.place for rule, _ in target.setters if rule.must_fire(self.masks, early=True))
            self.last[target.variable] = next(early, _NEVER)
        for target in stage.targets:
            self.raw[target.variable] = self.masks[target.previous]
            self.masks[target.variable] = self.masks[target.previous] & self.box[target.variable]

    def _spread(self, stage: ConeStage) -> None:
        """Find which rules can fire, and what they can set, until nothing is added."""
        rules = stage.rules
        while True:
            self.can.update(rule.id for rule in rules if rule.id not in self.can and rule.can_fire(self.masks))
            grown = [self._grow(target) for target in stage.targets]
            if not any(grown) or not stage.chained:
                return
            rules = stage.chained

    def _grow(self, target: Target) -> bool:
        """Add what rules can set the variable to; say whether that was more than before."""
        if not self.masks[target.previous] & ABSENT:
            return False
        image, last = 0, self.last[target.variable]
        for rule, setting in target.setters:
            if rule.place <= last and rule.id in self.can:
                image |= setting.compute_image(self.masks)
        self.raw[target.variable] |= image
        before = self.masks[target.variable]
        self.masks[target.variable] |= image & self.box[target.variable]
        return self.masks[target.variable] != before

    def _settle(self, stage: ConeStage) -> None:
        """Find which rules fire for sure: what these set is not missing."""
        grown = True
        while grown:
            fresh = [
                rule
                for rule in stage.rules
                if rule.id in self.can and rule.id not in self.must and rule.must_fire(self.masks)
            ]
            self.must.update(rule.id for rule in fresh)
            grown = bool(fresh)
            for target in stage.targets:
                if any(rule in fresh for rule, _ in target.setters):
                    self._narrow(target.variable, ~ABSENT)
                    self.raw[target.variable] &= ~ABSENT

    def _narrow(self, variable: int, mask: int) -> None:
        self.masks[variable] &= mask
        if not self.masks[variable]:
            raise _ImpossibleError
