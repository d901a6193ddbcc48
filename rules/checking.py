"""Run the cases that rules carry."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from ..core.types import Scalar
from .chaining import ForwardChainer
from .conditions import is_same
from .durable import DurableEngine
from .engine import Derivation, Engine
from .policy import Policy
from .rule import Case, Rule
from .selection import find_obstacle

_WANTED = ((True, "fires", "a case that fires"), (False, "silent", "a case that stays silent"))


@dataclass(frozen=True, slots=True)
class CaseResult:
    """Say how one case of one rule went."""

    rule: str
    case: str
    engine: str
    """Name of the engine; empty for a case that does not exist and should."""
    message: str
    """What went wrong, in a sentence; empty when nothing did."""

    @property
    def passed(self) -> bool:
        """Whether the rule did what the case says."""
        return not self.message


def check_policy(policy: Policy) -> tuple[CaseResult, ...]:
    """Run every case of every rule, the rule alone, on each engine that runs here.

    A rule without a case that fires, or without one that stays silent, has a problem as well.
    """
    return check_rules(policy.rules, policy)


def check_rules(rules: Iterable[Rule], policy: Policy) -> tuple[CaseResult, ...]:
    """Do so for some rules of the policy only."""
    return tuple(result for rule in rules for result in _check_rule(rule, policy))


def _check_rule(rule: Rule, policy: Policy) -> Iterator[CaseResult]:
    for fires, group, wanted in _WANTED:
        if not any(case.fires == fires for case in rule.cases) and (fires or not rule.always_fires):
            yield CaseResult(rule.id, wanted, "", f"the rule has no such case; add one under cases.{group}")
    alone = replace(policy, stages=(rule.stage,), rules=(rule,))
    for build in list_engines(policy):
        engine = build(alone)
        for case in rule.cases:
            yield CaseResult(rule.id, case.name, engine.name, find_problem(case, rule, engine.decide(case.facts)))


def list_engines(policy: Policy) -> tuple[Callable[[Policy], Engine], ...]:
    """Return what makes the engines that can decide by ``policy`` here."""
    return (ForwardChainer,) if find_obstacle(policy) else (ForwardChainer, DurableEngine)


def find_problem(case: Case, rule: Rule, derivation: Derivation) -> str:
    """Return what ``derivation`` has that ``case`` does not want, in a sentence; empty when it is as it should be."""
    fired = any(firing.rule == rule.id for firing in derivation.trace)
    if fired != case.fires:
        return "the rule stayed silent and should fire" if case.fires else "the rule fired and should stay silent"
    return find_difference(case, derivation)


def find_difference(case: Case, derivation: Derivation) -> str:
    """Return which expected facts came out otherwise, in a sentence; empty when none did."""
    wrong = [_compare(name, wanted, derivation) for name, wanted in case.expect.items()]
    return "; ".join(text for text in wrong if text)


def _compare(name: str, wanted: Scalar, derivation: Derivation) -> str:
    found = derivation.facts.get(name)
    if found is not None and is_same(found, wanted):
        return ""
    return f"{name} is {'not set' if found is None else repr(found)}, expected {wanted!r}"
