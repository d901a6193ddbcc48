"""Look for facts that lead to a goal, or prove that there are none: branch and bound."""

from __future__ import annotations

from dataclasses import dataclass

from ...core.types import Facts
from ..chaining import ForwardChainer
from ..policy import Policy
from .abstraction import Box, Outlook, explore
from .cone import Cone, trace_cone
from .deduction import narrow_box
from .examples import simplify_facts
from .goals import Goal
from .model import ABSENT, list_bits
from .modelling import build_model
from .splitting import choose_split

BUDGET = 5_000
"""Boxes that are looked at for one goal; then the answer is that it is not decided."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Hold what a search found."""

    facts: Facts | None
    """Input facts that lead to the goal, as few and as plain as possible; None where none were found."""
    decided: bool = True
    """False where the budget ran out: then there may be such facts or not."""

    @property
    def is_impossible(self) -> bool:
        """Whether it is proved that no facts lead to the goal."""
        return self.decided and self.facts is None


class Searcher:
    """Answer questions about one policy, each once."""

    def __init__(self, policy: Policy, *, budget: int = BUDGET) -> None:
        self.policy = policy
        self.model = build_model(policy)
        self.engine = ForwardChainer(policy)
        self._budget = budget
        self._answers: dict[Goal, Answer] = {}

    @property
    def undecided(self) -> tuple[str, ...]:
        """The questions for which the budget did not suffice, in words."""
        return tuple(goal.title for goal, answer in self._answers.items() if not answer.decided)

    def find_facts(self, goal: Goal) -> Answer:
        """Return facts that lead to the goal, or that there are none."""
        if goal not in self._answers:
            self._answers[goal] = _Search(self, goal).run(self._budget)
        return self._answers[goal]

    def meets(self, goal: Goal, facts: Facts) -> bool:
        """Say whether the engine reaches the goal from the facts."""
        return goal.is_met(self.policy, self.engine.decide(facts))


class _Search:
    """Hold one search for one goal."""

    def __init__(self, searcher: Searcher, goal: Goal) -> None:
        self.searcher, self.goal, self.model = searcher, goal, searcher.model
        self.box = list(self.model.start)
        needs = list(goal.list_needs(self.model))
        for test in needs:
            self.box[test.variable] &= test.mask
        rivals = [rule.id for rule in goal.list_rivals(self.model)]
        self.cone = trace_cone(self.model, {*goal.fires, *rivals}, [test.variable for test in needs])
        self.tried: set[tuple[int, ...]] = set()

    def run(self, budget: int) -> Answer:
        """Look at one box after the other, the one that promises most first."""
        open_ = [self.box]
        for _ in range(budget):
            if not open_:
                return Answer(None)
            facts = self._look_into(open_.pop(), open_)
            if facts is not None:
                return Answer(simplify_facts(facts, lambda tried: self.searcher.meets(self.goal, tried)))
        return Answer(None, decided=not open_)

    def _look_into(self, box: Box, open_: list[Box]) -> Facts | None:
        """Return facts of the box that lead to the goal; else leave its parts, if they may hold such, for later."""
        outlook = self._explore(box)
        if outlook is None:
            return None
        facts = self._try_plainest(box)
        if facts is not None:
            return facts
        split = choose_split(self.goal, self.model, self.cone, box, outlook)
        if split is not None:
            for part in (~split.mask, split.mask):
                smaller = box.copy()
                smaller[split.variable] &= part
                open_.append(smaller)
        return None

    def _explore(self, box: Box) -> Outlook | None:
        """Return what can happen in the box, after narrowing it to where the goal can lie; None where it cannot."""
        while pair_inputs(self.cone, box):
            outlook = explore(self.cone, box)
            if outlook is None or not self.goal.is_possible(self.model, outlook):
                return None
            if not narrow_box(self.cone, box, outlook):
                return outlook
        return None

    def _try_plainest(self, box: Box) -> Facts | None:
        """Ask the engine about the plainest facts of the box, unless it was asked before."""
        chosen = tuple(next(list_bits(box[variable])) for variable in self.model.inputs)
        if chosen in self.tried:
            return None
        self.tried.add(chosen)
        facts = {}
        for variable, bit in zip(self.model.inputs, chosen, strict=True):
            name = self.model.names[variable]
            value = self.model.values[name][bit]
            if value is not None:
                facts[name] = value
        return facts if self.searcher.meets(self.goal, facts) else None


def pair_inputs(cone: Cone, box: Box) -> bool:
    """Narrow a box to facts of which those that always come together do; say whether any are left."""
    for follower, leader in cone.pairs + tuple((leader, follower) for follower, leader in cone.pairs):
        if not box[leader] & ABSENT:
            box[follower] &= ~ABSENT
        if box[leader] == ABSENT:
            box[follower] &= ABSENT
    return all(box[variable] for variable in cone.inputs)
