"""Rules that wait for each other: each for a fact that another of them sets in the same stage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ...core.types import Facts
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
    for loop, facts in _list_stuck(searcher):
        rules = _pick_rules(searcher.policy, loop)
        shown = " On these facts nothing else is missing, and none of them fires." if facts is not None else ""
        yield Finding("loops", loop, _describe(rules) + shown, _ADVICE, facts or {})


def list_loops(policy: Policy) -> tuple[tuple[str, ...], ...]:
    """Return the shortest circle of each rule that lies on one, in the order in which its rules wait for each other."""
    loops: dict[frozenset[str], tuple[str, ...]] = {}
    for rules in policy.by_stage:
        graph = {rule.id: [other.id for other in rules if _list_awaited(other) & {*rule.sets}] for rule in rules}
        for rule in rules:
            loop = _find_circle(graph, rule.id)
            if loop is not None:
                loops.setdefault(frozenset(loop), loop)
    return tuple(loops.values())


def list_looping(searcher: Searcher) -> frozenset[str]:
    """Return the rules that lie on a circle in which they may wait in vain."""
    return frozenset(rule for loop, _ in _list_stuck(searcher) for rule in loop)


def _list_stuck(searcher: Searcher) -> Iterator[tuple[tuple[str, ...], Facts | None]]:
    """Yield the circles that nothing breaks, with facts on which their rules wait in vain where these were found.

    One of which another rule sets what is waited for is none unless such facts are found.
    """
    for loop in list_loops(searcher.policy):
        awaited = frozenset(_find_awaited(_pick_rules(searcher.policy, loop)))
        facts = searcher.find_facts(Stalls(loop, awaited)).facts
        others = (rule for rule in searcher.policy.rules if rule.id not in loop)
        if facts is not None or not any(awaited & {*rule.sets} for rule in others):
            yield loop, facts


def _pick_rules(policy: Policy, loop: Sequence[str]) -> list[Rule]:
    return [rule for name in loop for rule in policy.rules if rule.id == name]


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
