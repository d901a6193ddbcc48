"""Rules of equal priority that want different things."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Lint

A = {"when": {"operation": "shop"}, "then": {"strategy": "notify"}}
B = {"when": {"branch": "main"}, "then": {"strategy": "escalate"}}


def test_two_rules_between_which_only_the_alphabet_decides_are_found(lint: Lint) -> None:
    """With facts on which both fire."""
    found = lint("contradictory", {"a/alpha": A, "a/beta": B})
    expected = (
        "Both fire and set strategy, a/alpha to notify and a/beta to escalate; their priority is the same, 50, "
        "so only the alphabet decides."
    )
    assert [(("a/alpha", "a/beta"), expected)] == [(finding.rules, finding.message) for finding in found]
    assert {"operation": "shop", "branch": "main"} == found[0].facts


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (A, {**B, "priority": 51}),
        (A, {**B, "then": {"strategy": "notify"}}),
        (A, {**B, "then": {"severity": "high"}}),
        (A, {**B, "unless": {"operation": "shop"}}),
        (A, {**B, "when": {"operation": "deploy"}}),
        ({**A, "then": {"type": {"from": "predicted_type"}}}, {**B, "then": {"type": {"from": "predicted_type"}}}),
    ],
    ids=["another priority", "the same value", "another fact", "a veto", "never together", "the same copy"],
)
def test_rules_that_do_not_depend_on_their_names_are_left_alone(first: Any, second: Any, lint: Lint) -> None:
    """The nearest situations in which nothing is wrong."""
    assert [] == lint("contradictory", {"a/alpha": first, "a/beta": second})


def test_nothing_is_wrong_where_an_earlier_rule_has_settled_it(lint: Lint) -> None:
    """Neither of the two has a say."""
    before = {"priority": 10, "when": {"branch": "main"}, "then": {"strategy": "ignore"}}
    assert [] == lint("contradictory", {"a/alpha": A, "a/beta": B, "a/before": before})


def test_a_rule_that_waits_for_the_other_is_no_contradiction(lint: Lint) -> None:
    """It comes second whatever the two are called."""
    first = {"when": {"operation": "shop"}, "then": {"strategy": "notify", "kind": "x"}}
    second = {"when": {"kind": "x"}, "then": {"strategy": "escalate"}}
    for names in (("a/alpha", "a/beta"), ("a/beta", "a/alpha")):
        assert [] == lint("contradictory", dict(zip(names, (first, second), strict=True)))


def test_values_of_tables_are_compared_as_they_come_out(lint: Lint) -> None:
    """Two tables that agree on every row contradict each other nowhere."""
    one = {"then": {"severity": {"lookup": "one", "by": "tool"}}}
    other = {"then": {"severity": {"lookup": "other", "by": "tool"}}}
    rows = {"npm": "low", "pip": "high"}
    assert [] == lint("contradictory", {"a/one": one, "a/other": other}, tables={"one": rows, "other": rows})
    tables = {"one": rows, "other": {**rows, "pip": "low"}}
    assert [{"tool": "pip"}] == [
        f.facts for f in lint("contradictory", {"a/one": one, "a/other": other}, tables=tables)
    ]


def test_each_pair_is_told_once(lint: Lint) -> None:
    """Three rules are three pairs, and two facts of one pair are one finding."""
    both = {"strategy": "notify", "severity": "low"}
    rules = {"a/one": {"then": both}, "a/two": {"then": {"strategy": "ignore", "severity": "high"}}, "a/three": B}
    pairs = {("a/one", "a/three"), ("a/one", "a/two")}
    assert pairs == {finding.rules for finding in lint("contradictory", rules)}
