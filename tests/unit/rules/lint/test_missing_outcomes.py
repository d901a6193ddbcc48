"""Facts for which no rule says what a decision is made of."""

from __future__ import annotations

import pytest

from .conftest import Lint, Rules

GRAVE = {"when": {"environment": "production"}, "then": {"severity": "high"}}
REST = {"priority": 90, "then": {"severity": "low"}}
USUAL = {
    "type": "network",
    "category": "transient",
    "severity": "low",
    "retryable": True,
    "suggested_action": "ask somebody",
    "strategy": "notify",
    "priority": "low",
    "fault_domain": "network",
}


def complete(rules: Rules) -> Rules:
    """Return the rules with one behind them for all parts of a decision that none of them sets."""
    known = {name for rule in rules.values() for name in rule["then"]}
    return {**rules, "z/usual": {"then": {name: value for name, value in USUAL.items() if name not in known}}}


def test_a_gap_is_found_with_facts_that_fall_into_it(lint: Lint) -> None:
    """None at all are the plainest."""
    found = lint("missing_outcomes", complete({"a/grave": GRAVE}))
    assert [((), "On these facts no rule sets severity.", {})] == [(f.rules, f.message, dict(f.facts)) for f in found]


def test_a_gap_between_two_rules_is_found(lint: Lint) -> None:
    """Facts that are always there are as plain as they can be, and only told where that matters."""
    rules = {
        "a/few": {"when": {"attempt": {"lt": 3}}, "then": {"severity": "low"}},
        "a/many": {"when": {"attempt": {"gt": 3}}, "then": {"severity": "high"}},
    }
    assert [{"attempt": 3}] == [finding.facts for finding in lint("missing_outcomes", complete(rules))]


def test_a_rule_for_the_rest_closes_it(lint: Lint) -> None:
    """So does a lookup with 'otherwise', and a pair of rules that leave nothing between them."""
    lookup = {"then": {"severity": {"lookup": "levels", "by": "tool", "otherwise": "low"}}}
    tables = {"levels": {"npm": "high"}}
    few = {"when": {"attempt": {"lt": 3}}, "then": {"severity": "low"}}
    many = {"when": {"attempt": {"gte": 3}}, "then": {"severity": "high"}}
    assert [] == lint("missing_outcomes", complete({"a/grave": GRAVE, "a/rest": REST}))
    assert [] == lint("missing_outcomes", complete({"a/lookup": lookup}), tables=tables)
    assert [] == lint("missing_outcomes", complete({"a/few": few, "a/many": many}), tables=tables)


def test_what_no_rule_ever_sets_is_named_in_one_finding(lint: Lint) -> None:
    """No facts are needed to show it, and there is nothing to search for."""
    (found,) = lint("missing_outcomes", {"a/rest": REST})
    named = "type, category, retryable, suggested_action, strategy, priority or fault_domain"
    assert ((), f"No rule of the set ever sets {named}.", {}) == (found.rules, found.message, dict(found.facts))


@pytest.mark.parametrize("name", USUAL)
def test_each_part_of_a_decision_is_asked_for(name: str, lint: Lint) -> None:
    """One that is lacking is named alone, and a set with all of them is left alone."""
    rest = {part: value for part, value in USUAL.items() if part != name}
    found = lint("missing_outcomes", {"a/rest": {"then": rest}})
    assert [f"No rule of the set ever sets {name}."] == [finding.message for finding in found]
    assert [] == lint("missing_outcomes", {"a/rest": {"then": USUAL}})


def test_a_strategy_has_its_plan(lint: Lint) -> None:
    """What a retry needs is asked for where a retry is chosen, and nowhere else."""
    rules = {
        "a/retry": {"when": {"cancelled": False}, "then": {"strategy": "retry"}},
        "a/rest": {"priority": 90, "then": {"strategy": "ignore"}},
        "b/plan": {
            "when": {"strategy": "retry", "tool": {"missing": True}},
            "then": {"plan_attempts": 3, "plan_base": 10},
        },
    }
    found = lint("missing_outcomes", complete(rules))
    lacking = ["plan_attempts", "plan_base"]
    expected = [f"On these facts no rule sets {name}, though the strategy is retry." for name in lacking]
    assert expected == [finding.message for finding in found]
    assert [{"cancelled", "tool"}] * 2 == [set(finding.facts) for finding in found]
    planned = {**rules, "b/plan": {"then": {"plan_attempts": 3, "plan_base": 10}}}
    assert [] == lint("missing_outcomes", complete(planned))


def test_a_plan_that_no_rule_ever_sets_is_missing_where_its_strategy_is_chosen(lint: Lint) -> None:
    """A strategy that is never chosen needs none."""
    rules = {"a/help": {"when": {"cancelled": True}, "then": {"strategy": "escalate"}}, "b/rest": {"then": USUAL}}
    (found,) = lint("missing_outcomes", rules)
    expected = ("On these facts no rule sets plan_target, though the strategy is escalate.", {"cancelled": True})
    assert expected == (found.message, dict(found.facts))
