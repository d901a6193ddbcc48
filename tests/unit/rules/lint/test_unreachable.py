"""Rules that no facts make fire."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Lint

SET = {"then": {"strategy": "notify"}}
CATEGORIES = {"network": "transient", "syntax": "persistent"}
TYPES = {
    "cause/type": {"then": {"type": {"from": "predicted_type"}}},
    "usual/category": {"then": {"category": {"lookup": "categories", "by": "type"}}},
}


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (
            {"when": {"attempt": {"gte": 5, "lt": 5}}},
            (
                "No facts make it fire: attempt is at least 5 and attempt is less than 5 never hold together; "
                "on these facts attempt is less than 5 is what is lacking."
            ),
        ),
        (
            {"when": {"history_seen": {"gt": 3, "lt": 4}, "cancelled": True}},
            (
                "No facts make it fire: history_seen is more than 3 and history_seen is less than 4 never hold together; "
                "on these facts history_seen is less than 4 is what is lacking."
            ),
        ),
        (
            {"when": {"effect": "irreversible"}, "unless": {"effect": {"missing": False}}},
            (
                "No facts make it fire: effect is irreversible and not (effect is there) never hold together; "
                "on these facts not (effect is there) is what is lacking."
            ),
        ),
        (
            {"when": {"cancelled": {"missing": True}}},
            "No facts make it fire: cancelled is absent never holds.",
        ),
        (
            {"when": {"confidence": {"missing": False}, "predicted_type": {"missing": True}}},
            (
                "No facts make it fire: confidence is there and predicted_type is absent never hold together; "
                "on these facts predicted_type is absent is what is lacking."
            ),
        ),
        (
            {"when": {"attempt": {"lt": {"fact": "attempt"}}}},
            "No facts make it fire: attempt is less than attempt never holds.",
        ),
    ],
)
def test_conditions_that_cannot_hold_together_are_named(rule: Any, message: str, lint: Lint) -> None:
    """Those and no others, and facts on which only the last of them is missing."""
    found = lint("unreachable", {"a/rule": {**rule, **SET}})
    assert [("unreachable", ("a/rule",), message)] == [(f.check, f.rules, f.message) for f in found]


@pytest.mark.parametrize(
    "rule",
    [
        {"when": {"attempt": {"gte": 5, "lt": 6}}},
        {"when": {"confidence": {"gt": 0.3, "lt": 0.3002}}},
        {"when": {"effect": "irreversible"}, "unless": [{"effect": "irreversible", "cancelled": True}]},
        {"when": {"confidence": {"missing": True}, "predicted_type": {"missing": True}}},
        {"when": {"history_retries": {"gt": {"fact": "history_seen"}}, "history_seen": {"gt": 2}}},
        {"when": {"operation": "a name that nobody ever heard of"}},
        {"when": {}},
    ],
)
def test_conditions_that_can_hold_are_left_alone(rule: Any, lint: Lint) -> None:
    """However narrow they are."""
    assert [] == lint("unreachable", {"a/rule": {**rule, **SET}})


def test_conditions_on_derived_facts_are_followed_to_the_inputs(lint: Lint) -> None:
    """A type has one category, and the rule asks for another."""
    wrong = {"when": {"type": "syntax", "category": "transient"}, **SET}
    found = lint("unreachable", {**TYPES, "strategy/wrong": wrong}, tables={"categories": CATEGORIES})
    assert [("strategy/wrong",)] == [finding.rules for finding in found]
    assert "type is syntax and category is transient never hold together" in found[0].message
    assert {"predicted_type": "syntax"} == found[0].facts
    right = {"when": {"type": "syntax", "category": "persistent"}, **SET}
    assert [] == lint("unreachable", {**TYPES, "strategy/wrong": right}, tables={"categories": CATEGORIES})


def test_a_value_that_no_rule_sets_is_named_with_those_that_rules_set(lint: Lint) -> None:
    """So that a misspelt one is seen at a glance."""
    wrong = {"when": {"category": "transitory"}, **SET}
    found = lint("unreachable", {**TYPES, "strategy/wrong": wrong}, tables={"categories": CATEGORIES})
    expected = "category is transitory never holds; category is only ever set to persistent, transient"
    assert [f"No facts make it fire: {expected}."] == [finding.message for finding in found]


def test_what_then_needs_counts_as_a_condition(lint: Lint) -> None:
    """A rule waits for the row that it looks up."""
    wrong = {"when": {"category": "transient"}, "then": {"recipe": {"lookup": "recipes", "by": "type"}}}
    reader = {"when": {"recipe": {"missing": False}}, **SET}
    tables = {"categories": CATEGORIES, "recipes": {"syntax": "clean_build"}}
    found = lint("unreachable", {**TYPES, "help/recipe": wrong, "strategy/recover": reader}, tables=tables)
    assert [("help/recipe",), ("strategy/recover",)] == [finding.rules for finding in found]
    assert "category is transient and type names a row of recipes never hold together" in found[0].message
    assert "recipe is there never holds" in found[1].message


def test_a_rule_that_is_only_overruled_is_not_unreachable(lint: Lint) -> None:
    """It fires, and that it has no say is another finding."""
    first = {"priority": 10, "then": {"strategy": "retry"}}
    assert [] == lint("unreachable", {"a/first": first, "a/second": SET})
