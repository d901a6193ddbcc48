"""Rules that wait for each other."""

from __future__ import annotations

import pytest

from .conftest import Lint

PING = {"when": {"operation": "shop", "pong": True}, "then": {"ping": True}}
PONG = {"when": {"branch": "main", "ping": True}, "then": {"pong": True}}


def test_two_rules_that_wait_for_each_other_are_found(lint: Lint) -> None:
    """With facts on which everything else is there."""
    found = lint("loops", {"a/one": PING, "a/two": PONG})
    expected = "They wait for each other in a circle: a/one for pong of a/two, a/two for ping of a/one."
    assert [("a/one", "a/two")] == [finding.rules for finding in found]
    assert found[0].message.startswith(expected)
    assert {"operation": "shop", "branch": "main"} == found[0].facts


def test_a_longer_circle_is_named_in_its_order(lint: Lint) -> None:
    """Rules that only wait for the circle are not part of it."""
    rules = {
        "a/c": {"when": {"two": 1}, "then": {"three": 1}},
        "a/a": {"when": {"three": 1}, "then": {"one": 1}},
        "a/b": {"when": {"one": 1}, "then": {"two": 1}},
        "a/after": {"when": {"two": 1}, "then": {"strategy": "notify"}},
    }
    assert [("a/a", "a/b", "a/c")] == [finding.rules for finding in lint("loops", rules)]


def test_a_rule_that_waits_for_what_it_sets_is_found(lint: Lint) -> None:
    """Nobody else can start it, or if so, it has no say."""
    rule = {"when": {"severity": "low"}, "then": {"severity": "high"}}
    found = lint("loops", {"a/rule": rule})
    assert [("a/rule",)] == [finding.rules for finding in found]
    assert found[0].message.startswith("It waits for severity, which it sets itself.")


def test_copies_and_rows_are_waited_for_as_well(lint: Lint) -> None:
    """A rule fires when it can say all that it has to say."""
    copies = {"a/one": {"then": {"x": {"from": "y"}}}, "a/two": {"when": {"x": {"missing": False}}, "then": {"y": "a"}}}
    rows = {**copies, "a/one": {"then": {"x": {"lookup": "rows", "by": "y"}}}}
    for rules in (copies, rows):
        found = lint("loops", rules, tables={"rows": {"a": "b"}})
        assert [("a/one", "a/two")] == [finding.rules for finding in found]


def test_a_chain_is_no_circle(lint: Lint) -> None:
    """However the rules are called, and over however many of them."""
    rules = {
        "a/c": {"when": {"attempt": {"gte": 2}}, "then": {"one": 1}},
        "a/b": {"when": {"one": 1}, "then": {"two": 1}},
        "a/a": {"when": {"two": 1, "one": 1}, "then": {"strategy": "notify"}},
    }
    assert [] == lint("loops", rules)


def test_stages_break_a_circle(lint: Lint) -> None:
    """What an earlier stage set is there, and a default for what is missing looks back."""
    rules = {
        "a/one": {"when": {"operation": "shop"}, "then": {"strategy": "retry"}},
        "b/two": {"when": {"strategy": {"missing": True}}, "then": {"strategy": "notify"}},
    }
    assert [] == lint("loops", rules)


def test_the_rules_of_a_circle_are_not_told_again(lint: Lint) -> None:
    """That they cannot fire follows from it."""
    assert [] == lint("unreachable", {"a/one": PING, "a/two": PONG})
    assert [] == lint("shadowed", {"a/one": PING, "a/two": PONG})


def test_a_circle_that_another_rule_starts_is_still_told(lint: Lint) -> None:
    """On other facts its rules wait in vain."""
    start = {"when": {"cancelled": True}, "then": {"ping": True}}
    found = lint("loops", {"a/one": PING, "a/start": start, "a/two": PONG})
    assert [("a/one", "a/two")] == [finding.rules for finding in found]
    assert {"operation": "shop", "branch": "main"} == found[0].facts


READS = {"when": {"strategy": "retry"}, "then": {"severity": "high"}}
SETS_TOO = {"when": {"severity": "high"}, "then": {"strategy": "notify", "priority": "high"}}


@pytest.mark.parametrize("start", ["a/c", "first/c"])
def test_a_circle_that_another_rule_always_breaks_is_none(start: str, lint: Lint) -> None:
    """It speaks in their stage or in one before, and then they all fire."""
    rules = {start: {"then": {"strategy": "retry"}}, "a/a": READS, "a/b": SETS_TOO}
    for check in ("loops", "unreachable", "shadowed"):
        assert [] == lint(check, rules, stages=["first", "a"])


def test_the_rules_of_a_broken_circle_are_checked_like_others(lint: Lint) -> None:
    """What is wrong with them is not the circle's."""
    start = {"then": {"strategy": "ignore"}}
    rules = {"a/a": READS, "a/b": SETS_TOO, "a/c": start}
    assert [] == lint("loops", rules)
    assert [("a/a",), ("a/b",)] == [finding.rules for finding in lint("unreachable", rules)]
    itself = {"when": {"strategy": "ignore"}, "then": {"strategy": "notify"}}
    assert [] == lint("loops", {"a/c": start, "a/own": itself})
    assert [("a/own",)] == [finding.rules for finding in lint("shadowed", {"a/c": start, "a/own": itself})]


def test_two_circles_through_one_rule_are_both_told(lint: Lint) -> None:
    """Breaking one of them does not break the other."""
    rules = {
        "a/hub": {"when": {"left": 1, "right": 1}, "then": {"middle": 1}},
        "a/left": {"when": {"middle": 1}, "then": {"left": 1}},
        "a/right": {"when": {"middle": 1}, "then": {"right": 1}},
    }
    assert [("a/hub", "a/left"), ("a/hub", "a/right")] == [finding.rules for finding in lint("loops", rules)]
    broken = {**rules, "a/start": {"then": {"right": 1}}}
    assert [("a/hub", "a/left")] == [finding.rules for finding in lint("loops", broken)]


def test_a_circle_that_nobody_can_start_needs_no_facts(lint: Lint) -> None:
    """Its rules also ask for what does not go together."""
    rules = {
        "a/few": {"when": {"attempt": {"lt": 3}, "many": True}, "then": {"few": True}},
        "a/many": {"when": {"attempt": {"gte": 3}, "few": True}, "then": {"many": True}},
    }
    (found,) = lint("loops", rules)
    assert (("a/few", "a/many"), {}) == (found.rules, dict(found.facts))
    assert found.message.endswith("No other rule sets all that is waited for, so that none of them ever fires.")
    late = {"a/many": rules["a/many"], "a/few": rules["a/few"], "b/late": {"then": {"few": True, "many": True}}}
    assert [("a/few", "a/many")] == [finding.rules for finding in lint("loops", late)]


def test_one_of_several_facts_is_enough_to_wait_for(lint: Lint) -> None:
    """That another rule gives the other one does not help."""
    rules = {
        "a/one": {"when": {"operation": "shop", "x": 1, "y": 1}, "then": {"z": 1}},
        "a/start": {"then": {"x": 1}},
        "a/two": {"when": {"branch": "main", "z": 1}, "then": {"x": 1, "y": 1}},
    }
    (found,) = lint("loops", rules)
    assert (("a/one", "a/two"), {"operation": "shop", "branch": "main"}) == (found.rules, dict(found.facts))
    assert "a/one for x and y of a/two" in found.message
    assert [] == lint("loops", {**rules, "a/start": {"then": {"x": 1, "y": 1}}})


def test_what_a_later_stage_sets_starts_no_circle(lint: Lint) -> None:
    """It comes too late."""
    found = lint("loops", {"a/one": PING, "a/two": PONG, "b/late": {"then": {"ping": True, "pong": True}}})
    assert [("a/one", "a/two")] == [finding.rules for finding in found]
    assert {"operation": "shop", "branch": "main"} == found[0].facts
