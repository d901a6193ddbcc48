"""Rules that the thresholds of a preset keep from ever firing."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Lint

PRESETS = {"prod": "production", "dev": "development"}
TABLES = {"presets": PRESETS, "codegen": {"development": 1, "production": 5}, "manual": {"production": 5}}
BASE = {
    "preset/environment": {"then": {"preset": {"lookup": "presets", "by": "environment", "otherwise": "default"}}},
    "limits/thresholds": {
        "then": {
            "codegen_after": {"lookup": "codegen", "by": "preset", "otherwise": 2},
            "manual_after": {"lookup": "manual", "by": "preset", "otherwise": 4},
        }
    },
}
BETWEEN = {"gte": {"fact": "codegen_after"}, "lt": {"fact": "manual_after"}}
CODEGEN = {"when": {"history_failed_attempts": BETWEEN}, "then": {"plan_target": "codegen"}}


def test_thresholds_that_leave_nothing_between_them_are_found(lint: Lint) -> None:
    """With the preset, the rule, and the values."""
    found = lint("thresholds", {**BASE, "plan/codegen": CODEGEN}, tables=TABLES)
    expected = (
        "Under the preset production, where codegen_after = 5, manual_after = 5, it can never fire: "
        "history_failed_attempts is at least codegen_after and history_failed_attempts is less than manual_after "
        "never hold together"
    )
    assert [("plan/codegen",)] == [finding.rules for finding in found]
    assert found[0].message.startswith(expected)
    assert "prod" == found[0].facts["environment"]


def test_thresholds_in_their_order_are_left_alone(lint: Lint) -> None:
    """One attempt between them is enough."""
    tables = {**TABLES, "manual": {"production": 6}}
    assert [] == lint("thresholds", {**BASE, "plan/codegen": CODEGEN}, tables=tables)


def test_what_a_user_may_set_by_hand_does_not_excuse_a_preset(lint: Lint) -> None:
    """A threshold that is taken from a given fact before the preset is asked is judged as if that fact were absent."""
    by_hand = {"then": {"codegen_after": {"from": "codegen_as_set"}}, "priority": 10}
    found = lint("thresholds", {**BASE, "limits/by_hand": by_hand, "plan/codegen": CODEGEN}, tables=TABLES)
    assert [("plan/codegen",)] == [finding.rules for finding in found]
    assert "codegen_as_set" not in found[0].facts


@pytest.mark.parametrize(
    "rule",
    [
        {**CODEGEN, "when": {**CODEGEN["when"], "preset": "development"}},
        {**CODEGEN, "when": {**CODEGEN["when"], "environment": {"not": "prod"}}},
        {**CODEGEN, "unless": {"preset": {"in": ["production", "default"]}}},
        {"when": {"preset": "default", "attempt": {"lt": 3}}, "then": {"plan_target": "manual"}},
    ],
    ids=["preset", "environment", "veto", "no threshold"],
)
def test_a_rule_that_says_where_it_applies_is_left_alone(rule: Any, lint: Lint) -> None:
    """What keeps it silent elsewhere is its own word."""
    tables = {**TABLES, "manual": {"production": 6}}
    assert [] == lint("thresholds", {**BASE, "plan/codegen": CODEGEN, "plan/other": rule}, tables=tables)


def test_a_rule_that_fires_under_no_preset_is_unreachable_and_not_told_here(lint: Lint) -> None:
    """One cause, one finding."""
    tables = {**TABLES, "codegen": {"development": 9, "default": 9, "production": 9}}
    never = {**CODEGEN, "when": {"history_failed_attempts": {**BETWEEN, "lte": 1}}}
    assert [] == lint("thresholds", {**BASE, "plan/codegen": never}, tables=tables)
    assert [("plan/codegen",)] == [
        finding.rules for finding in lint("unreachable", {**BASE, "plan/codegen": never}, tables=tables)
    ]


KEPT = {"priority": 20, "when": {"history_failed_attempts": {"gte": {"fact": "manual_after"}}}}
HANDED_ON = {
    "when": {"history_failed_attempts": {"gte": {"fact": "codegen_after"}}},
    "then": {"plan_target": "codegen"},
}


def test_a_rule_that_anothers_threshold_always_overrules_is_found(lint: Lint) -> None:
    """It fires, and comes too late wherever it does."""
    rules = {**BASE, "plan/kept": {**KEPT, "then": {"plan_target": "manual"}}, "plan/codegen": HANDED_ON}
    found = lint("thresholds", rules, tables=TABLES)
    expected = "Under the preset production all that it sets was always set before: here plan_target by plan/kept."
    assert [(("plan/codegen",), expected)] == [(finding.rules, finding.message) for finding in found]
    assert {"environment": "prod", "history_failed_attempts": 5} == found[0].facts
    assert [] == lint("thresholds", rules, tables={**TABLES, "manual": {"production": 6}})


def test_a_rule_that_is_overruled_because_of_where_it_is_is_left_alone(lint: Lint) -> None:
    """That is what the other rule is for."""
    here = {"priority": 20, "when": {"environment": "prod"}, "then": {"plan_target": "manual"}}
    tables = {**TABLES, "manual": {"production": 6}}
    rules = {**BASE, "plan/here": here, "plan/other": CODEGEN, "plan/codegen": {**HANDED_ON, "priority": 30}}
    assert [] == lint("thresholds", rules, tables=tables)


def test_a_set_without_presets_has_nothing_to_check(lint: Lint) -> None:
    """No fact of that name, no finding."""
    assert [] == lint("thresholds", {"plan/codegen": {"then": {"plan_target": "codegen"}}})
