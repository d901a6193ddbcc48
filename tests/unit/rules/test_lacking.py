"""Facts that were not kept yet when a decision was made, and whether it hangs on them."""

from __future__ import annotations

import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings

from errclass.core.frozen import FrozenDict
from errclass.rules import INPUTS, ForwardChainer, Lacking, Policy, Word
from errclass.rules.conditions import Condition, FactRef
from errclass.rules.effects import Constant, Lookup
from errclass.rules.rule import Rule

RANDOM = runpy.run_path(str(Path(__file__).with_name("engine_comparison.py")))
VALUES = (None, "x", "y", 1, 0.5, True)


@pytest.fixture(autouse=True)
def moon() -> Iterator[None]:
    """Give the vocabulary two facts of a later version, one of which surely was not there before."""
    words = {
        "moon": Word("moon", "text", "phase of the moon", since=9),
        "eclipse": Word("eclipse", "flag", "whether it is dark", since=9, absent_before=True),
    }
    with patch.dict(INPUTS, words):  # type: ignore[arg-type]
        yield


def make_rule(*when: Condition, **fields: Any) -> Rule:
    values: dict[str, Any] = {"unless": (), "then": (Constant("strategy", "retry"),), "because": "", "priority": 50}
    return Rule(**{"id": "strategy/one", "title": "", "when": when, **values, **fields})


def find(rule: Rule, version: int = 1, **facts: Any) -> set[str]:
    policy = Policy("p", "", ("strategy",), (rule,), {})
    derived = ForwardChainer(policy).decide(FrozenDict(facts)).facts
    return set(Lacking(policy, version).find_decisive(derived))


TOOL = Condition("tool", "is", "npm")
MOON = Condition("moon", "is", "full")


@pytest.mark.parametrize(
    "rule",
    [
        make_rule(TOOL, MOON),
        make_rule(TOOL, Condition("moon", "missing", True)),
        make_rule(TOOL, Condition("operation", "is", FactRef("moon"))),
        make_rule(TOOL, unless=((MOON,),)),
        make_rule(TOOL, then=(Lookup("strategy", "t", "moon", {"full": "retry"}, "notify"),)),
        make_rule(Condition("retry_after", "missing", True), MOON),
    ],
)
def test_a_rule_that_would_have_looked_makes_the_fact_decisive(rule: Rule) -> None:
    """All else that it asks for holds, so that the moon would have decided."""
    assert {"moon"} == find(rule, tool="npm", operation="deploy")


@pytest.mark.parametrize(
    ("rule", "facts"),
    [
        (make_rule(TOOL, MOON), {"tool": "pip"}),
        (make_rule(TOOL, MOON), {"attempt": 1}),
        (make_rule(TOOL), {"tool": "npm"}),
        (make_rule(TOOL, Condition("eclipse", "missing", True)), {"tool": "npm"}),
        (make_rule(TOOL, Condition("eclipse", "is", True)), {"tool": "npm"}),
    ],
)
def test_what_cannot_decide_is_let_be(rule: Rule, facts: dict[str, Any]) -> None:
    """A rule that asks for something else too, and facts whose absence is the truth."""
    assert set() == find(rule, **facts)


def test_facts_of_the_newer_version_lack_nothing() -> None:
    """There, absence was an answer."""
    assert [{"moon"}, set(), set()] == [find(make_rule(MOON), version) for version in (8, 9, 10)]


def test_what_is_made_anew_is_not_lacking() -> None:
    """Another model tells it today."""
    policy = Policy("p", "", ("strategy",), (make_rule(MOON),), {})
    assert frozenset() == Lacking(policy, 1, known={"moon"}).find_decisive({})


def test_the_shipped_rules_can_decide_the_oldest_facts(default_policy: Policy) -> None:
    """Whatever they read and version 1 lacked was not there to be told, so an upgrade loses no history."""
    derived = ForwardChainer(default_policy).decide(FrozenDict({"predicted_type": "network", "confidence": 0.9})).facts
    assert frozenset() == Lacking(default_policy, 1).find_decisive(derived)


@settings(max_examples=60, deadline=None)
@given(policy=RANDOM["policies"](), batch=RANDOM["fact_sets"](RANDOM["usual"]))
def test_where_no_fact_is_decisive_no_value_of_it_changes_anything(policy: Policy, batch: list[dict[str, Any]]) -> None:
    """The law: for any policy and any facts, what is derived is the same whatever the lacking fact was."""
    words = {name: Word(name, "text", "", since=9 if name == "i0" else 1) for name in RANDOM["INPUTS"]}
    engine = ForwardChainer(policy)
    with patch.dict(INPUTS, words):  # type: ignore[arg-type]
        lacking = Lacking(policy, 1)
    for facts in batch:
        others = {name: value for name, value in facts.items() if name != "i0"}
        derived = engine.decide(FrozenDict(others)).facts
        if not lacking.find_decisive(derived):
            worlds = [{**others, **({} if value is None else {"i0": value})} for value in VALUES]
            found = [dict(engine.decide(FrozenDict(world)).facts) for world in worlds]
            assert {repr(without(one)) for one in found} == {repr(without(derived))}


def without(facts: Any) -> list[tuple[str, Any]]:
    return sorted((name, value) for name, value in facts.items() if name != "i0")
