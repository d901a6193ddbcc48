"""Run the whole rule set on every case that it carries: those of single rules, and its scenarios."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .chaining import ForwardChainer
from .checking import CaseResult, find_difference, list_engines
from .engine import Derivation
from .policy import Policy
from .rule import Case, Rule

SCENARIO = "(scenario)"
"""Stands in the results where a case of a rule has the rule's id."""


@dataclass(frozen=True, slots=True)
class CaseRun:
    """Hold what the whole set made of one case."""

    case: Case
    owner: str | None
    """Id of the rule that carries the case; None for a scenario."""
    derivation: Derivation

    @property
    def fired(self) -> frozenset[str]:
        """Ids of the rules that fired."""
        return frozenset(firing.rule for firing in self.derivation.trace)


def check_scenarios(policy: Policy) -> tuple[CaseResult, ...]:
    """Run every scenario, the whole set together, on each engine that runs here."""
    engines = [build(policy) for build in list_engines(policy)] if policy.scenarios else []
    return tuple(
        CaseResult(SCENARIO, case.name, engine.name, find_difference(case, engine.decide(case.facts)))
        for engine in engines
        for case in policy.scenarios
    )


def run_whole_set(policy: Policy) -> tuple[CaseRun, ...]:
    """Run the whole set, by the engine of our own, on all cases of its rules and on its scenarios.

    Facts that a case gives though rules derive them are simply given: the first to set a fact wins.
    """
    engine = ForwardChainer(policy)
    cases: list[tuple[Case, str | None]] = [(case, rule.id) for rule in policy.rules for case in rule.cases]
    cases += [(case, None) for case in policy.scenarios]
    return tuple(CaseRun(case, owner, engine.decide(case.facts)) for case, owner in cases)


def check_firing(rules: Iterable[Rule], runs: Sequence[CaseRun]) -> tuple[CaseResult, ...]:
    """Return one result for each rule that never fires when the whole set runs on all cases."""
    fired = frozenset().union(*(run.fired for run in runs))
    message = "it is silent in all cases and scenarios when all rules run together; change it, or add a scenario"
    wanted = "fires in the whole set"
    return tuple(CaseResult(rule.id, wanted, "", message) for rule in rules if rule.id not in fired)
