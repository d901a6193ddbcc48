"""Rules that fire and never have a say."""

from __future__ import annotations

from .conftest import Lint

FIRST = {"priority": 10, "when": {"attempt": {"gte": 2}}, "then": {"strategy": "notify"}}


def test_a_rule_whose_word_always_comes_too_late_is_found(lint: Lint) -> None:
    """With facts on which it fires, and who went before."""
    late = {"when": {"attempt": {"gte": 3}}, "then": {"strategy": "escalate"}}
    found = lint("shadowed", {"a/first": FIRST, "a/late": late})
    expected = "Whenever it fires, all that it sets was set before: here strategy by a/first."
    assert [(("a/late",), expected, {"attempt": 3})] == [(f.rules, f.message, dict(f.facts)) for f in found]


def test_a_fact_of_an_earlier_stage_shadows_as_well(lint: Lint) -> None:
    """A fact is set once."""
    late = {"then": {"strategy": "escalate"}}
    rules = {"a/first": {"then": {"strategy": "notify"}}, "b/late": late}
    assert [("b/late",)] == [finding.rules for finding in lint("shadowed", rules)]


def test_several_rules_can_shadow_one_together(lint: Lint) -> None:
    """None of them does so alone."""
    rules = {
        "a/yes": {"priority": 10, "when": {"cancelled": True}, "then": {"strategy": "ignore"}},
        "a/no": {"priority": 20, "when": {"cancelled": False}, "then": {"strategy": "retry"}},
        "a/rest": {"priority": 90, "when": {"attempt": {"gte": 2}}, "then": {"strategy": "notify"}},
    }
    assert [("a/rest",)] == [finding.rules for finding in lint("shadowed", rules)]
    without = {name: rule for name, rule in rules.items() if name != "a/no"}
    assert [] == lint("shadowed", {**without, "a/no": {**rules["a/no"], "unless": {"tool": "npm"}}})


def test_a_rule_with_a_say_somewhere_is_left_alone(lint: Lint) -> None:
    """One more attempt, one more fact, or an earlier turn is enough."""
    more = {"when": {"attempt": {"gte": 1}}, "then": {"strategy": "escalate"}}
    other = {"when": {"attempt": {"gte": 3}}, "then": {"strategy": "escalate", "severity": "high"}}
    early = {"priority": 5, "when": {"attempt": {"gte": 3}}, "then": {"strategy": "escalate"}}
    for rule in (more, other, early):
        assert [] == lint("shadowed", {"a/first": FIRST, "a/late": rule})


def test_a_rule_that_waits_for_another_comes_after_it(lint: Lint) -> None:
    """Its priority does not help it: what it waits for is set beside what it sets."""
    rules = {
        "a/one": {"priority": 50, "when": {"cancelled": True}, "then": {"kind": "x", "strategy": "ignore"}},
        "a/two": {"priority": 10, "when": {"kind": "x"}, "then": {"strategy": "notify"}},
    }
    assert [("a/two",)] == [finding.rules for finding in lint("shadowed", rules)]


def test_a_rule_that_never_fires_is_not_called_shadowed(lint: Lint) -> None:
    """One cause, one finding."""
    never = {"when": {"attempt": {"gte": 3, "lt": 3}}, "then": {"strategy": "escalate"}}
    assert [] == lint("shadowed", {"a/first": FIRST, "a/never": never})
