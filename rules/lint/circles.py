"""Circles of rules: each waits for a fact that the one before it sets in the same stage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..policy import Policy
from ..rule import Rule

_Graph = Mapping[str, Sequence[str]]
"""Rule -> rules of its stage that wait for what it sets."""


@dataclass(frozen=True, slots=True)
class Circle:
    """Hold rules that wait for each other."""

    rules: tuple[Rule, ...]
    """Each waits for the one before it, and the first for the last."""

    @property
    def names(self) -> tuple[str, ...]:
        """Ids of the rules."""
        return tuple(rule.id for rule in self.rules)

    @property
    def waits(self) -> tuple[frozenset[str], ...]:
        """The facts that each rule waits for, of those that the one before it sets."""
        pairs = zip(self.rules, (self.rules[-1], *self.rules), strict=False)
        return tuple(_list_awaited(rule) & {*before.sets} for rule, before in pairs)


def list_circles(policy: Policy) -> tuple[Circle, ...]:
    """Return for every two rules of which one waits for the other the shortest circle on which it does, if any."""
    rules = {rule.id: rule for rule in policy.rules}
    found = dict.fromkeys(way for stage in policy.by_stage for way in _list_closed_ways(stage))
    return tuple(Circle(tuple(rules[name] for name in way)) for way in found)


def is_closed(circle: Circle, policy: Policy) -> bool:
    """Say whether none of the rules can ever fire, for only they set something that each of them waits for."""
    known = policy.stages[: policy.stages.index(circle.rules[0].stage) + 1]
    others = [rule for rule in policy.rules if rule.stage in known and rule.id not in circle.names]
    given = {name for rule in others for name in rule.sets}
    return all(waits - given for waits in circle.waits)


def _list_awaited(rule: Rule) -> frozenset[str]:
    """Return the facts without which the rule cannot fire; absences and vetoes look at earlier stages only."""
    return frozenset(name for test in rule.conditions if not test.tests_absence for name in test.reads)


def _list_closed_ways(rules: Sequence[Rule]) -> Iterator[tuple[str, ...]]:
    """Yield ways from rule to rule that lead back to where they start, each from the rule that goes first in order."""
    graph = {rule.id: [other.id for other in rules if _list_awaited(other) & {*rule.sets}] for rule in rules}
    places = {rule.id: place for place, rule in enumerate(rules)}
    for start in graph:
        for end, way in _find_ways(graph, start).items():
            if start in graph[end]:
                first = way.index(min(way, key=places.__getitem__))
                yield way[first:] + way[:first]


def _find_ways(graph: _Graph, start: str) -> dict[str, tuple[str, ...]]:
    """Return the shortest way from a rule to each that it leads to."""
    ways: dict[str, tuple[str, ...]] = {start: (start,)}
    reached = [start]
    for name in reached:
        for following in graph[name]:
            if following not in ways:
                ways[following] = (*ways[name], following)
                reached.append(following)
    return ways
