"""Rules that wait for each other: each for a fact that another of them sets in the same stage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..conditions import all_hold
from ..engine import Derivation
from ..policy import Policy
from ..rule import Rule
from .deduction import list_needs
from .finding import Finding
from .goals import Goal, find_firing
from .model import ABSENT, Model, RuleModel, Test
from .search import Searcher

_ADVICE = "Break the circle: test what the facts are derived from, or move one of the rules to an earlier stage."

_Graph = Mapping[str, Sequence[str]]
"""Rule -> rules of its stage that wait for what it sets."""


def find_loops(searcher: Searcher) -> Iterator[Finding]:
    """Yield every circle of rules that wait for each other."""
    for loop in list_loops(searcher.policy):
        rules = [rule for name in loop for rule in searcher.policy.rules if rule.id == name]
        awaited = frozenset(_find_awaited(rules))
        facts = searcher.find_facts(Stalls(loop, awaited)).facts
        shown = " On these facts nothing else is missing, and none of them fires." if facts is not None else ""
        yield Finding("loops", loop, _describe(rules) + shown, _ADVICE, facts or {})


def list_loops(policy: Policy) -> tuple[tuple[str, ...], ...]:
    """Return the circles, each rule in one at most, in the order in which its rules wait for each other."""
    loops: list[tuple[str, ...]] = []
    for rules in policy.by_stage:
        graph = {rule.id: [other.id for other in rules if _list_awaited(other) & {*rule.sets}] for rule in rules}
        for rule in rules:
            loop = None if any(rule.id in known for known in loops) else _find_circle(graph, rule.id)
            if loop is not None and not any(name in known for name in loop for known in loops):
                loops.append(loop)
    return tuple(loops)


def list_looping(policy: Policy) -> frozenset[str]:
    """Return the rules that lie on a circle."""
    return frozenset(rule for loop in list_loops(policy) for rule in loop)


def _list_awaited(rule: Rule) -> frozenset[str]:
    """Return the facts without which the rule cannot fire; absences and vetoes look at earlier stages only."""
    return frozenset(name for test in rule.conditions if not test.tests_absence for name in test.reads)


def _find_circle(graph: _Graph, start: str) -> tuple[str, ...] | None:
    """Return the shortest way from a rule back to itself."""
    ways: list[tuple[str, ...]] = [(start,)]
    seen: set[str] = set()
    for way in ways:
        for following in graph[way[-1]]:
            if following == start:
                return way
            if following not in seen:
                seen.add(following)
                ways.append((*way, following))
    return None


def _find_awaited(rules: Sequence[Rule]) -> Iterator[str]:
    """Yield facts of the circle, from rule to rule."""
    for rule, following in zip(rules, [*rules[1:], rules[0]], strict=True):
        yield from sorted(_list_awaited(following) & {*rule.sets})


def _describe(rules: Sequence[Rule]) -> str:
    if len(rules) == 1:
        return f"It waits for {', '.join(_find_awaited(rules))}, which it sets itself."
    pairs = zip(rules, [rules[-1], *rules[:-1]], strict=True)
    waits = (f"{rule.id} for {min(_list_awaited(rule) & {*other.sets})} of {other.id}" for rule, other in pairs)
    return f"They wait for each other in a circle: {', '.join(waits)}."


@dataclass(frozen=True, slots=True)
class Stalls(Goal):
    """Rules that wait for each other do not fire, though all else that they ask for is there."""

    rules: tuple[str, ...]
    awaited: frozenset[str]
    """The facts that they wait for."""

    @property
    def title(self) -> str:
        """What is asked, in words."""
        return f"can {' and '.join(self.rules)} wait in vain"

    def list_rivals(self, model: Model) -> tuple[RuleModel, ...]:
        """Return the rules themselves."""
        return tuple(model.find_rule(rule) for rule in self.rules)

    def list_needs(self, model: Model) -> Iterator[Test]:
        """Yield what the rules ask for besides, and that what they wait for is missing."""
        for rule in self.list_rivals(model):
            yield from (test for test in list_needs(rule) if model.names[test.variable] not in self.awaited)
            yield from (Test(model.find_after(name, rule.stage), ABSENT) for name in self.awaited)

    def is_met(self, policy: Policy, derivation: Derivation) -> bool:
        """Say whether each of them was ready but for what it waits for."""
        return all(self._waits(rule, derivation) for rule in policy.rules if rule.id in self.rules)

    def _waits(self, rule: Rule, derivation: Derivation) -> bool:
        others = tuple(test for test in rule.conditions if not self.awaited.intersection(test.reads))
        silent = find_firing(derivation, rule.id) is None
        return silent and all_hold(others, derivation.facts) and not rule.is_vetoed(derivation.facts)
