"""Which values are tried: those that conditions name, and one for each gap between them."""

from __future__ import annotations

from typing import Any

import pytest

from errclass.rules.lint.domains import list_inputs, list_values

from .conftest import MakePolicy

NOTIFY = {"strategy": "notify"}


@pytest.mark.parametrize(
    ("when", "name", "values"),
    [
        ({"attempt": {"gte": 4}}, "attempt", (None, 1, 2, 4, 5)),
        ({"attempt": {"gte": 1}}, "attempt", (None, 1, 2)),
        ({"attempt": {"gt": 2, "lt": 3}}, "attempt", (None, 1, 2, 3, 4)),
        ({"confidence": {"lt": 0.6}}, "confidence", (None, 0, 0.1, 0.6, 1)),
        ({"confidence": {"lt": 0.6001, "gt": 0.6}}, "confidence", (None, 0, 0.1, 0.6, 0.6001, 1)),
        ({"confidence": {"lte": 0.25, "gt": 0.2}}, "confidence", (None, 0, 0.1, 0.2, 0.21, 0.25, 1)),
        ({"confidence": {"gte": 1}}, "confidence", (None, 0, 0.1, 1)),
        ({"exit_code": 137}, "exit_code", (None, -255, -254, 137, 138)),
        ({"retry_after": {"gte": 10**9}}, "retry_after", (None, 0, 1, 10**9)),
        ({"cancelled": True}, "cancelled", (None, False, True)),
        ({"effect": "irreversible"}, "effect", (None, "read_only", "idempotent", "reversible", "irreversible")),
        ({"tool": {"in": ["npm", "pip"]}}, "tool", (None, "npm", "pip", "other")),
        ({"tool": {"not": "other"}}, "tool", (None, "other", "other1")),
        ({"tool": {"missing": True}}, "tool", (None, "other")),
    ],
)
def test_constants_and_the_gaps_between_them_are_tried(
    when: Any, name: str, values: tuple[Any, ...], make_policy: MakePolicy
) -> None:
    """Within the range of the fact, and in numbers that are as short as can be."""
    assert values == list_values(make_policy({"a/one": {"when": when, "then": NOTIFY}}))[name]


def test_what_is_asked_of_a_copy_is_asked_of_its_source(make_policy: MakePolicy) -> None:
    """Over two stages."""
    rules = {
        "a/one": {"then": {"type": {"from": "predicted_type"}}},
        "b/two": {"then": {"kind": {"from": "type"}}},
        "c/three": {"when": {"kind": "network"}, "then": NOTIFY},
    }
    values = list_values(make_policy(rules))
    assert (None, "network", "other") == values["predicted_type"]
    assert {None, "network", "other"} == set(values["kind"])


def test_rows_of_a_table_are_values_of_what_names_them(make_policy: MakePolicy) -> None:
    """And what stands in them is what can be set."""
    rules = {"a/one": {"then": {"severity": {"lookup": "levels", "by": "tool"}}}}
    values = list_values(make_policy(rules, tables={"levels": {"npm": "low", "pip": "high"}}))
    assert (None, "npm", "pip", "other") == values["tool"]
    assert (None, "low", "high") == values["severity"]


def test_a_number_is_tried_around_every_threshold_that_it_is_compared_with(make_policy: MakePolicy) -> None:
    """The rows of the threshold's table are constants of the number."""
    rules = {
        "a/limit": {"then": {"manual_after": {"lookup": "limits", "by": "environment", "otherwise": 5}}},
        "b/rule": {"when": {"history_failed_attempts": {"gte": {"fact": "manual_after"}}}, "then": NOTIFY},
    }
    values = list_values(make_policy(rules, tables={"limits": {"production": 9}}))
    assert (None, 0, 1, 5, 6, 9, 10) == values["history_failed_attempts"]
    assert (None, 9, 5) == values["manual_after"]


def test_inputs_that_are_compared_with_each_other_have_room_to_differ(make_policy: MakePolicy) -> None:
    """As many points in each gap as there are inputs that can lie in it."""
    rules = {"a/one": {"when": {"history_retries": {"gt": {"fact": "history_seen"}}}, "then": NOTIFY}}
    assert (None, 0, 1, 2) == list_values(make_policy(rules))["history_seen"]


def test_what_comes_with_a_fact_brings_that_fact(make_policy: MakePolicy) -> None:
    """Else it could be there alone."""
    policy = make_policy({"a/one": {"when": {"confidence": {"lt": 0.5}}, "then": NOTIFY}})
    assert ("confidence", "predicted_type") == list_inputs(policy)
