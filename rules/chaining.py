"""The engine of our own: a forward chainer in plain Python, always there."""

from __future__ import annotations

from ..core.frozen import FrozenDict
from ..core.types import Facts, Firing, Scalar
from .conditions import Condition, all_hold
from .engine import Derivation
from .firing import fire_rule
from .normalising import normalise_facts
from .policy import Policy
from .rule import Rule


class ForwardChainer:
    """Apply a policy by walking its rules in order."""

    name = "own"

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._stages = tuple(_Stage(rules) for rules in policy.by_stage)

    def decide(self, facts: Facts) -> Derivation:
        """Return what the rules derive from ``facts``."""
        known = normalise_facts(facts)
        trace: list[Firing] = []
        for stage in self._stages:
            stage.run(known, trace)
        return Derivation(FrozenDict(known), tuple(trace))


class _Stage:
    """Hold the rules of one stage, ready to run."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self._rules = rules
        self._conditions: tuple[tuple[Condition, ...], ...] = tuple(rule.conditions for rule in rules)
        self._first_reader: dict[str, int] = {}
        for position, rule in enumerate(rules):
            for name in rule.reads:
                self._first_reader.setdefault(name, position)

    def run(self, facts: dict[str, Scalar], trace: list[Firing]) -> None:
        """Fire rules until none is left, adding to ``facts`` and ``trace``."""
        fired: set[int] = set()
        position = 0
        while position < len(self._rules):
            if position in fired or not self._is_ready(position, facts):
                position += 1
                continue
            fired.add(position)
            trace.append(fire_rule(self._rules[position], facts))
            position = self._resume_at(position + 1, trace[-1])

    def _is_ready(self, position: int, facts: Facts) -> bool:
        return all_hold(self._conditions[position], facts) and not self._rules[position].is_vetoed(facts)

    def _resume_at(self, following: int, firing: Firing) -> int:
        """Return where to look next: a new fact can only wake rules that read it."""
        return min([following, *(self._first_reader.get(name, following) for name in firing.sets)])
