"""Facts for which no rule says what a decision is made of."""

from __future__ import annotations

from .conftest import Lint

GRAVE = {"when": {"environment": "production"}, "then": {"severity": "high"}}
REST = {"priority": 90, "then": {"severity": "low"}}


def test_a_gap_is_found_with_facts_that_fall_into_it(lint: Lint) -> None:
    """None at all are the plainest."""
    found = lint("missing_outcomes", {"a/grave": GRAVE})
    assert [((), "On these facts no rule sets severity.", {})] == [(f.rules, f.message, dict(f.facts)) for f in found]


def test_a_gap_between_two_rules_is_found(lint: Lint) -> None:
    """Facts that are always there are as plain as they can be, and only told where that matters."""
    rules = {
        "a/few": {"when": {"attempt": {"lt": 3}}, "then": {"severity": "low"}},
        "a/many": {"when": {"attempt": {"gt": 3}}, "then": {"severity": "high"}},
    }
    assert [{"attempt": 3}] == [finding.facts for finding in lint("missing_outcomes", rules)]


def test_a_rule_for_the_rest_closes_it(lint: Lint) -> None:
    """So does a lookup with 'otherwise', and a pair of rules that leave nothing between them."""
    lookup = {"then": {"severity": {"lookup": "levels", "by": "tool", "otherwise": "low"}}}
    tables = {"levels": {"npm": "high"}}
    few = {"when": {"attempt": {"lt": 3}}, "then": {"severity": "low"}}
    many = {"when": {"attempt": {"gte": 3}}, "then": {"severity": "high"}}
    assert [] == lint("missing_outcomes", {"a/grave": GRAVE, "a/rest": REST})
    assert [] == lint("missing_outcomes", {"a/lookup": lookup}, tables=tables)
    assert [] == lint("missing_outcomes", {"a/few": few, "a/many": many}, tables=tables)


def test_what_no_rule_ever_sets_is_not_asked_for(lint: Lint) -> None:
    """A set may leave it to the defaults of decisions."""
    assert [] == lint("missing_outcomes", {"a/rest": REST})


def test_a_strategy_has_its_plan(lint: Lint) -> None:
    """What a retry needs is asked for where a retry is chosen, and nowhere else."""
    rules = {
        "a/retry": {"when": {"cancelled": False}, "then": {"strategy": "retry"}},
        "a/rest": {"priority": 90, "then": {"strategy": "ignore"}},
        "b/plan": {"when": {"strategy": "retry", "tool": {"missing": True}}, "then": {"plan_attempts": 3}},
    }
    found = lint("missing_outcomes", rules)
    expected = ("On these facts no rule sets plan_attempts, though the strategy is retry.", {"cancelled", "tool"})
    assert [expected] == [(finding.message, set(finding.facts)) for finding in found]
    assert [] == lint("missing_outcomes", {**rules, "b/plan": {"then": {"plan_attempts": 3}}})
