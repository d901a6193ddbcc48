"""Small rule sets, written down in a line or two."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from errclass.core.frozen import FrozenDict
from errclass.core.types import Facts, Scalar
from errclass.rules import Case, Policy, Rule
from errclass.rules.conditions import Condition, FactRef
from errclass.rules.effects import Constant, Copy, Effect
from errclass.rules.policy import order_rules

STAGES = ("cause", "guard", "strategy")


def tests_of(when: Mapping[str, Any]) -> tuple[Condition, ...]:
    """Return conditions: a value, ``{operator: value}``, or ``{operator: FactRef}``."""
    return tuple(
        Condition(fact, operator, tuple(value) if isinstance(value, list) else value)
        for fact, test in when.items()
        for operator, value in (test.items() if isinstance(test, dict) else [("is", test)])
    )


def rule_of(
    rule_id: str,
    when: Mapping[str, Any],
    then: Mapping[str, Scalar | FactRef],
    *unless: Mapping[str, Any],
    priority: int = 50,
    cases: tuple[Case, ...] = (),
) -> Rule:
    """Return a rule; a ``FactRef`` in ``then`` copies."""
    effects: list[Effect] = [
        Copy(fact, value.fact) if isinstance(value, FactRef) else Constant(fact, value) for fact, value in then.items()
    ]
    vetoes = tuple(map(tests_of, unless))
    return Rule(rule_id, f"About {rule_id}", priority, tests_of(when), vetoes, tuple(effects), f"So {rule_id}", cases)


def fires(facts: Facts, expect: Facts | None = None, name: str = "it fires") -> Case:
    """Return a case that fires."""
    return Case(name, FrozenDict(facts), fires=True, expect=FrozenDict(expect or {}))


def silent(facts: Facts, name: str = "it is silent") -> Case:
    """Return a case that stays silent."""
    return Case(name, FrozenDict(facts), fires=False, expect=FrozenDict())


def policy_of(*rules: Rule, scenarios: tuple[Case, ...] = (), stages: tuple[str, ...] = STAGES) -> Policy:
    """Return a policy of three stages."""
    ordered = order_rules({rule.id: rule for rule in rules}, stages)
    return Policy("small", "", stages, ordered, FrozenDict(), scenarios=scenarios)
