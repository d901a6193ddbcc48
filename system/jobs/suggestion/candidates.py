"""Search the older part of history for conditions under which one answer is right and was not given."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ....core.types import UNKNOWN, Scalar
from ....rules.conditions import Condition, is_same
from .aims import Aim
from .benches import WRONG, Bench
from .figures import list_otherwise
from .limits import Limits
from .traits import index_traits

LONGEST: Final = 3
"""Conditions of a rule; more describe single cases."""
MOST_TRAITS: Final = 60
"""Conditions that are joined with each other: those that most of the causes to mend meet."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Hold conditions that may become a rule."""

    aim: Aim
    value: Scalar
    """What the rule would say."""
    when: tuple[Condition, ...]
    mends: frozenset[str]
    """Causes that are answered wrongly, and whose right answer it would say."""


@dataclass(frozen=True, slots=True)
class _Goal:
    """Hold numbers of cases, by what a rule that says ``value`` would mean for them."""

    value: Scalar
    known: frozenset[int]
    """The right answer is known, and another than the value is given ..."""
    true: frozenset[int]
    """... which is the right one."""


def find_candidates(bench: Bench, aim: Aim, limits: Limits) -> list[Candidate]:
    """Return conditions that look sound, in a fixed order.

    Only what could not do with fewer conditions is in it, and of conditions that are met by the very same cases the
    first. Whether the rules of the set leave such a rule its say is not looked at.
    """
    hits = index_traits(bench.cases)
    return [one for goal in _list_goals(bench, aim) for one in _Search(bench, aim, goal, limits).run(hits)]


class _Search:
    """Grow conjunctions condition by condition until they are precise."""

    def __init__(self, bench: Bench, aim: Aim, goal: _Goal, limits: Limits) -> None:
        self._causes = [case.cause for case in bench.cases]
        self._aim = aim
        self._goal = goal
        self._limits = limits

    def run(self, hits: dict[Condition, frozenset[int]]) -> Iterator[Candidate]:
        traits = self._choose_traits(hits)
        seen: set[frozenset[int]] = set()
        unfinished: list[tuple[tuple[int, ...], frozenset[int]]] = [((), frozenset(range(len(self._causes))))]
        for _ in range(LONGEST):
            grown = []
            for positions, met in unfinished:
                for position, narrowed in self._narrow(positions, met, traits):
                    if not self._looks_sound(narrowed):
                        grown.append(((*positions, position), narrowed))
                    elif narrowed not in seen:
                        seen.add(narrowed)
                        when = tuple(traits[one][0] for one in (*positions, position))
                        yield Candidate(self._aim, self._goal.value, when, self._name(narrowed & self._goal.true))
            unfinished = grown

    def _choose_traits(self, hits: dict[Condition, frozenset[int]]) -> list[tuple[Condition, frozenset[int]]]:
        support = {trait: len(self._name(numbers & self._goal.true)) for trait, numbers in hits.items()}
        frequent = [trait for trait in hits if support[trait] >= self._limits.minimum_causes]
        strongest = set(sorted(frequent, key=lambda trait: -support[trait])[:MOST_TRAITS])
        return [(trait, hits[trait]) for trait in frequent if trait in strongest]

    def _narrow(
        self, positions: tuple[int, ...], met: frozenset[int], traits: Sequence[tuple[Condition, frozenset[int]]]
    ) -> Iterator[tuple[int, frozenset[int]]]:
        """Yield each further condition on another fact that leaves enough to mend, and leaves something out."""
        facts = {traits[position][0].fact for position in positions}
        for position in range(positions[-1] + 1 if positions else 0, len(traits)):
            trait, numbers = traits[position]
            if trait.fact in facts or not self._is_enough(met & numbers & self._goal.true):
                continue
            narrowed = met & numbers
            if len(narrowed) < len(met):
                yield position, narrowed

    def _looks_sound(self, met: frozenset[int]) -> bool:
        known = met & self._goal.known
        wrong = self._name(known - self._goal.true)
        return self._limits.allow(len(self._name(known) - wrong), len(wrong))

    def _is_enough(self, numbers: Collection[int]) -> bool:
        least = self._limits.minimum_causes
        return len(numbers) >= least and len(self._name(numbers)) >= least

    def _name(self, numbers: Collection[int]) -> frozenset[str]:
        return frozenset(self._causes[number] for number in numbers)


def _list_goals(bench: Bench, aim: Aim) -> Iterator[_Goal]:
    """Yield what rules might say: each right answer of a case on which another one is given."""
    truths = {number: case.truths[aim.answer] for number, case in enumerate(bench.cases) if aim.answer in case.truths}
    missed = {truths[number] for number in truths if bench.answers[number].marks[aim.answer] == WRONG}
    # "Unknown" is said of texts that name no cause, and that is not for such a rule to find out.
    for value in sorted(missed - {UNKNOWN}, key=str):
        known = frozenset(list_otherwise(bench, aim, value))
        yield _Goal(value, known, frozenset(number for number in known if is_same(truths[number], value)))
