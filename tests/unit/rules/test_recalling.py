"""What was derived once is derived again, from the same facts only."""

from __future__ import annotations

from typing import Any, cast

import pytest

from errclass.core.frozen import FrozenDict
from errclass.core.types import Facts
from errclass.rules import Derivation, ForwardChainer, Policy, RecallingEngine
from errclass.rules.recalling import MAX_DERIVATIONS


class Engine:
    """Derive the facts themselves, and count."""

    name, policy = "counting", cast(Any, "rules")

    def __init__(self) -> None:
        self.asked: list[Facts] = []

    def decide(self, facts: Facts) -> Derivation:
        self.asked.append(facts)
        return Derivation(facts, ())


def test_the_same_facts_are_derived_once() -> None:
    """However often, and it goes by the other engine's name and rules."""
    counting = Engine()
    engine = RecallingEngine(counting)
    derived = [engine.decide(FrozenDict({"tool": "npm", "attempt": 1})) for _ in range(3)]
    assert (1, derived[0]) == (len(counting.asked), derived[2])
    assert ("counting", "rules") == (engine.name, engine.policy)


@pytest.mark.parametrize(
    "other", [{"attempt": True}, {"attempt": 1.0}, {"attempt": 2}, {"seen": 1}, {"attempt": 1, "seen": 1}, {}]
)
def test_other_facts_are_derived_anew(other: dict[str, Any]) -> None:
    """Also where Python calls them equal."""
    counting = Engine()
    engine = RecallingEngine(counting)
    engine.decide(FrozenDict({"attempt": 1}))
    assert repr(other) == repr(dict(engine.decide(FrozenDict(other)).facts))
    assert 2 == len(counting.asked)


def test_only_so_many_are_kept() -> None:
    """The ones asked for last."""
    counting = Engine()
    engine = RecallingEngine(counting)
    for number in range(MAX_DERIVATIONS + 1):
        engine.decide(FrozenDict({"attempt": number}))
    engine.decide(FrozenDict({"attempt": MAX_DERIVATIONS}))
    assert MAX_DERIVATIONS + 1 == len(counting.asked)
    engine.decide(FrozenDict({"attempt": 0}))
    assert MAX_DERIVATIONS + 2 == len(counting.asked)


def test_the_rules_say_the_same(default_policy: Policy) -> None:
    """First and second time."""
    own = ForwardChainer(default_policy)
    facts = FrozenDict({"predicted_type": "network", "confidence": 0.95, "attempt": 1})
    engine = RecallingEngine(own)
    assert [own.decide(facts)] * 2 == [engine.decide(facts), engine.decide(facts)]
