"""Smallest changes of single inputs that change a decision."""

from __future__ import annotations

import math
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.rule_sets import policy_of, rule_of

from errclass.rules import ForwardChainer, Policy
from errclass.rules.aspects import ASPECTS, judge_facts
from errclass.rules.conditions import FactRef
from errclass.rules.fact_candidates import FIXED, list_candidates, list_companions
from errclass.rules.flips import FactFlip, find_flips
from errclass.rules.vocabulary import INPUTS

LIMIT = rule_of("cause/limit", {}, {"attempts_limit": 4})
TYPE = rule_of("cause/type", {}, {"type": FactRef("predicted_type"), "type_confidence": FactRef("confidence")})
TIRED = rule_of("guard/tired", {"attempt": {"gte": FactRef("attempts_limit")}}, {"rerun_forbidden": "attempts"})
HELD = rule_of("strategy/held", {"rerun_forbidden": {"missing": False}}, {"strategy": "notify"}, priority=10)
UNSURE = rule_of("strategy/unsure", {"type_confidence": {"lt": 0.5}}, {"strategy": "notify"}, priority=20)
RETRY = rule_of("strategy/retry", {"type": {"in": ["network", "temporary"]}}, {"strategy": "retry"})
SMALL = policy_of(LIMIT, TYPE, TIRED, HELD, UNSURE, RETRY)


def find(policy: Policy, **facts: Any) -> list[FactFlip]:
    engine = ForwardChainer(policy)
    return list(find_flips(engine, engine.decide(facts)))


def about(flips: list[FactFlip], fact: str) -> list[tuple[Any, ...]]:
    """Return what the flips of one fact would be and change, without the type."""
    return [
        (flip.after, {key: value for key, value in flip.changes.items() if key != "type"}, flip.rule)
        for flip in flips
        if flip.fact == fact
    ]


def test_a_number_goes_to_the_nearest_bound() -> None:
    """Also where the bound is a fact that rules derived."""
    flips = find(SMALL, predicted_type="network", confidence=0.9, attempt=1)
    assert [((4,), {"strategy": "notify"}, "guard/tired")] == about(flips, "attempt")
    (flip,) = [one for one in flips if one.fact == "attempt"]
    assert (1, ("guard/tired", "strategy/held"), ("strategy/retry",)) == (flip.before, flip.fires, flip.otherwise)


def test_a_number_goes_back_over_the_bound() -> None:
    """And the rules that fall silent are named."""
    (flip,) = [one for one in find(SMALL, predicted_type="network", confidence=0.9, attempt=9) if one.fact == "attempt"]
    assert ((3,), ("strategy/held",), "retry") == (flip.after, flip.silent[1:], flip.changes["strategy"])


def test_what_is_copied_is_asked_for_its_copys_bounds() -> None:
    """A confidence becomes a type's confidence, a predicted type a type."""
    flips = find(SMALL, predicted_type="build", confidence=0.3, attempt=1)
    assert [] == about(flips, "confidence")
    flips = find(SMALL, predicted_type="network", confidence=0.95, attempt=1)
    assert [((0.49,), {"strategy": "notify"}, "strategy/unsure")] == about(flips, "confidence")


def test_texts_that_come_to_the_same_are_told_together() -> None:
    """Here either of two types would be retried."""
    flips = find(policy_of(RETRY), type="build", attempt=1)
    assert [] == flips  # not an input: it was given
    rule = rule_of("strategy/retry", {"branch": {"in": ["a", "b"]}}, {"strategy": "retry"})
    assert [(("a", "b"), {"strategy": "retry"}, "strategy/retry")] == about(find(policy_of(rule), branch="c"), "branch")


def test_an_absent_fact_may_come_and_a_present_one_go() -> None:
    """Where they stand alone."""
    rule = rule_of("strategy/quiet", {"branch": "main"}, {"strategy": "ignore"})
    assert [(("main",), {"strategy": "ignore"}, "strategy/quiet")] == about(find(policy_of(rule), attempt=1), "branch")
    assert [((None,), {"strategy": "notify"}, "strategy/quiet")] == about(
        find(policy_of(rule), branch="main"), "branch"
    )


def test_what_comes_beside_another_goes_with_it() -> None:
    """And neither is added or taken alone."""
    flips = find(SMALL, predicted_type="network", confidence=0.9, attempt=1)
    (gone,) = [flip for flip in flips if flip.after == (None,)]
    assert ("predicted_type", ("confidence",)) == (gone.fact, gone.together)
    assert {"attempt"} >= {flip.fact for flip in find(SMALL, attempt=1)}


def test_what_is_always_there_never_goes() -> None:
    """Such as the attempt."""
    rule = rule_of("strategy/any", {"attempt": {"missing": False}}, {"strategy": "ignore"})
    assert [] == find(policy_of(rule), attempt=1)


def test_the_vocabularys_version_is_no_circumstance() -> None:
    """Nor is what follows from two other facts."""
    rule = rule_of("strategy/new", {"vocabulary": 2, "evidence_confirms": True}, {"strategy": "ignore"})
    assert [] == find(policy_of(rule), vocabulary=1, evidence_confirms=True, evidence_type="x")


def test_what_follows_from_the_type_follows_it() -> None:
    """A code that confirmed the predicted type does not confirm another."""
    rule = rule_of("strategy/sure", {"evidence_confirms": True, "predicted_type": {"not": "y"}}, {"strategy": "ignore"})
    facts = {"predicted_type": "x", "evidence_type": "x", "evidence_confirms": True}
    (flip,) = [one for one in find(policy_of(rule), **facts) if one.fact == "predicted_type" and one.after != (None,)]
    assert (("y",), {"strategy": "notify"}) == (flip.after, dict(flip.changes))
    other = {**facts, "evidence_type": "y", "evidence_confirms": False}
    assert [] == [flip for flip in find(policy_of(rule), **other) if flip.after == ("y",)]


def test_what_changes_the_strategy_comes_first_and_the_smallest_of_it() -> None:
    """Then what changes the type, whether a re-run helps, and the severity."""
    rules = [
        rule_of("strategy/far", {"history_seen": {"gte": 100}}, {"strategy": "escalate"}),
        rule_of("strategy/near", {"attempt": {"gte": 2}}, {"strategy": "ignore"}),
        rule_of("strategy/severity", {"attempt": {"gte": 1}, "branch": "main"}, {"severity": "high"}),
        rule_of("strategy/type", {"tool": "npm"}, {"type": "build"}),
    ]
    flips = find(policy_of(*rules), attempt=1, history_seen=1)
    assert ["attempt", "history_seen", "tool", "branch"] == [flip.fact for flip in flips]
    assert flips[0].size < flips[1].size < 1 == flips[2].size


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_flip_of_the_shipped_set_is_true(default_policy: Policy, data: st.DataObject) -> None:
    """Done as it says, the decision is as it says; and no fact is torn from those beside it."""
    cases = [case.facts for case in default_policy.scenarios]
    facts = data.draw(st.sampled_from(cases))
    engine = ForwardChainer(default_policy)
    derivation = engine.decide(facts)
    for flip in find_flips(engine, derivation):
        assert flip.fact in INPUTS.keys() - FIXED
        assert flip.before == facts.get(flip.fact)
        for value in flip.after:
            changed = {key: known for key, known in facts.items() if key not in (flip.fact, *flip.together)}
            changed |= {} if value is None else {flip.fact: value}
            if "evidence_confirms" in facts:
                changed["evidence_confirms"] = changed.get("evidence_type") == changed.get("predicted_type")
            after = judge_facts(engine.decide(changed), default_policy)
            now = judge_facts(derivation, default_policy)
            assert dict(flip.changes) == {name: after[name] for name in ASPECTS if after[name] != now[name]}
            assert not (value is None and INPUTS[flip.fact].beside)


def test_candidates_are_what_the_facts_can_be(default_policy: Policy) -> None:
    """Within their range, of their kind and choices, and another than now."""
    facts = ForwardChainer(default_policy).decide(default_policy.scenarios[0].facts).facts
    for name, value in list_candidates(default_policy, facts):
        word = INPUTS[name]
        assert value is None or facts.get(name) != value or facts[name] is not value
        if isinstance(value, str):
            assert not word.choices or value in word.choices
        elif value is not None and not isinstance(value, bool):
            assert (
                (-math.inf if word.low is None else word.low) <= value <= (math.inf if word.high is None else word.high)
            )
            assert not word.whole or float(value).is_integer()


def test_companions_are_those_beside_a_fact() -> None:
    """Itself is none of them."""
    assert {"confidence", "margin"} == set(list_companions("predicted_type"))
    assert () == list_companions("attempt")
