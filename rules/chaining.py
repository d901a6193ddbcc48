"""The engine of our own: a forward chainer in plain Python, always there."""

from __future__ import annotations

from ..core.frozen import FrozenDict
from ..core.types import Facts, Firing, Scalar
from .compiling import compile_conditions
from .engine import Derivation
from .firing import Trigger
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


class _ReadyRule:
    """Hold one rule with its conditions compiled."""

    __slots__ = ("_conditions", "_vetoes", "trigger")

    def __init__(self, rule: Rule) -> None:
        self.trigger = Trigger(rule)
        self._conditions = compile_conditions(rule.conditions)
        self._vetoes = tuple(compile_conditions(veto) for veto in rule.unless)

    def is_ready(self, facts: Facts) -> bool:
        """Say whether the rule may fire; plain loops, for this is the innermost step of every decision."""
        for holds in self._conditions:
            if not holds(facts):
                return False
        for veto in self._vetoes:  # noqa: SIM110
            if all(holds(facts) for holds in veto):
                return False
        return True


class _Stage:
    """Hold the rules of one stage, ready to run."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self._rules = tuple(map(_ReadyRule, rules))
        self._first_reader: dict[str, int] = {}
        for position, rule in enumerate(rules):
            for name in rule.reads:
                self._first_reader.setdefault(name, position)

    def run(self, facts: dict[str, Scalar], trace: list[Firing]) -> None:
        """Fire rules until none is left, adding to ``facts`` and ``trace``."""
        fired: set[int] = set()
        position = 0
        while position < len(self._rules):
            if position in fired or not self._rules[position].is_ready(facts):
                position += 1
                continue
            fired.add(position)
            trace.append(self._rules[position].trigger.fire(facts))
            position = self._resume_at(position + 1, trace[-1])

    def _resume_at(self, following: int, firing: Firing) -> int:
        """Return where to look next: a new fact can only wake rules that read it."""
        for name in firing.sets:
            following = min(following, self._first_reader.get(name, following))
        return following
