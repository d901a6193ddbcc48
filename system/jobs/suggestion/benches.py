"""Decide judged cases by a rule set, and again with one more rule laid over it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ....core.types import Facts, Scalar
from ....rules import ForwardChainer, Policy, Rule
from ....rules.conditions import all_hold, is_same
from ....rules.policy import add_rules
from .judged_cases import JudgedCase

WRONG, UNSURE, RIGHT = 0, 1, 2
"""How good an answer is: of another value, right but not to be acted on alone, right."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Hold what is said of one case, by derived fact; only of facts whose truth is known."""

    said: Mapping[str, Scalar]
    marks: Mapping[str, int]
    """How good it is."""


@dataclass(frozen=True, slots=True)
class Bench:
    """Hold cases with the answers of a rule set."""

    policy: Policy
    cases: Sequence[JudgedCase]
    answers: Sequence[Answer]


@dataclass(frozen=True, slots=True)
class Trial:
    """Hold what came of laying one rule over a rule set."""

    before: Bench
    after: Bench
    won: tuple[int, ...]
    """Numbers of the cases in which the rule fired and was the first to say what it says."""


def set_up(policy: Policy, cases: Sequence[JudgedCase]) -> Bench:
    """Decide all cases."""
    engine = ForwardChainer(policy)
    return Bench(policy, cases, tuple(_judge(engine.decide(case.facts).facts, case.truths) for case in cases))


def try_rule(bench: Bench, rule: Rule, says: str) -> Trial:
    """Decide anew where ``rule``, which sets the fact ``says``, fires."""
    policy = add_rules(bench.policy, [rule])
    engine = ForwardChainer(policy)
    answers, won = list(bench.answers), []
    for number, case in enumerate(bench.cases):
        if rule.is_vetoed(case.facts) or not all_hold(rule.when, case.facts):
            continue
        derivation = engine.decide(case.facts)
        answers[number] = _judge(derivation.facts, case.truths)
        if any(firing.rule == rule.id and says in firing.sets for firing in derivation.trace):
            won.append(number)
    return Trial(bench, Bench(policy, bench.cases, tuple(answers)), tuple(won))


def _judge(derived: Facts, truths: Mapping[str, Scalar]) -> Answer:
    said = {name: derived[name] for name in truths if name in derived}
    return Answer(said, {name: _mark(name, derived, truth) for name, truth in truths.items()})


def _mark(name: str, derived: Facts, truth: Scalar) -> int:
    if name not in derived or not is_same(derived[name], truth):
        return WRONG
    return UNSURE if name == "type" and "unsure" in derived else RIGHT
