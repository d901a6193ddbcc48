"""Which facts go into which rules, and which come out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .policy import Policy
from .rule import Rule
from .vocabulary import INPUTS, OUTPUTS, STEPS

Role = Literal["input", "step", "output", "own"]


@dataclass(frozen=True, slots=True)
class RuleGraph:
    """Hold rules in order, and the facts that they read and set."""

    rules: tuple[Rule, ...]
    stages: tuple[str, ...]
    """Those that have any of the rules, in order."""

    @property
    def facts(self) -> tuple[str, ...]:
        """Names of all facts in the graph, in alphabetical order."""
        return tuple(sorted({name for rule in self.rules for name in (*rule.reads, *rule.sets)}))


def build_graph(policy: Policy, *, stage: str | None = None, fact: str | None = None) -> RuleGraph:
    """Return the graph of the rules, only of one stage, only of those that read or set a fact."""
    rules = [rule for rule in policy.rules if stage in {None, rule.stage}]
    rules = [rule for rule in rules if fact is None or fact in rule.reads or fact in rule.sets]
    return RuleGraph(tuple(rules), tuple(dict.fromkeys(rule.stage for rule in rules)))


def find_role(fact: str) -> Role:
    """Return what a fact is: an input, a step between rules, part of the decision, or a rule set's own."""
    if fact in INPUTS:
        return "input"
    return "step" if fact in STEPS else "output" if fact in OUTPUTS else "own"
