"""Who was before whom."""

from __future__ import annotations

from support.rule_sets import policy_of, rule_of

from errclass.rules import ForwardChainer
from errclass.rules.chain import link_firings, pick_inputs

EARLY = rule_of("cause/early", {}, {"type": "network", "severity": "low"}, priority=10)
LATE = rule_of("strategy/late", {}, {"type": "build", "channels": "x", "component": "mine"})
DERIVATION = ForwardChainer(policy_of(EARLY, LATE)).decide({"component": "given", "attempt": 1})


def test_an_overridden_fact_names_the_rule_before() -> None:
    """And no rule where it was given."""
    early, late = link_firings(DERIVATION.trace)
    assert ("cause/early", {}) == (early.firing.rule, dict(early.overridden_by))
    assert ("strategy/late", {"type": "cause/early", "component": ""}) == (late.firing.rule, dict(late.overridden_by))


def test_inputs_are_what_no_rule_set() -> None:
    """What went in, normalised."""
    assert {"attempt": 1, "component": "given"} == pick_inputs(DERIVATION)


def test_no_rule_is_no_chain() -> None:
    """As with an empty set."""
    assert () == link_firings(())
