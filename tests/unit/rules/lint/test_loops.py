"""Rules that wait for each other."""

from __future__ import annotations

from errclass.rules.lint import lint_policy

from .conftest import Lint, MakePolicy

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


def test_a_circle_that_another_rule_breaks_is_none(make_policy: MakePolicy) -> None:
    """What is waited for is always there."""
    policy = make_policy(
        {
            "cause/a": {"when": {"strategy": {"missing": False}}, "then": {"severity": "low"}},
            "cause/b": {"when": {"severity": {"missing": False}}, "then": {"strategy": "retry", "priority": "low"}},
            "cause/c": {"priority": 90, "when": {}, "then": {"strategy": "notify"}},
        }
    )
    assert () == lint_policy(policy, only=("loops",)).findings
