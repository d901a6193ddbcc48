"""Two facts compared, tables with a default, what a rule looked at, and where a fault stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from errclass.core.errors import PolicyError
from errclass.rules import DurableEngine, Engine, ForwardChainer, Policy, load_policy
from errclass.rules.compiling import compile_condition
from errclass.rules.conditions import OPERATORS, Condition, FactRef
from errclass.rules.durable import import_durable

HEAD = """\
name: small
description: for tests
stages: [limits, guard]
tables:
  calls: {default: 4, production: 3}
  words: {a: text}
"""
LIMIT = """\
title: t
when: {}
then:
  attempts_limit: {lookup: calls, by: environment, otherwise: {row: default}}
because: At most {attempts_limit}.
"""
GUARD = """\
title: t
when:
  attempt: {gte: {fact: attempts_limit}}
then:
  strategy: escalate
because: Call {attempt} of {attempts_limit}.
"""


def make_policy(folder: Path, *, head: str = HEAD, limit: str = LIMIT, guard: str = GUARD) -> Policy:
    """Write and load a small set of two rules."""
    for path, content in (("policy", head), ("limits/calls", limit), ("guard/calls", guard)):
        file = folder / f"{path}.yaml"
        file.parent.mkdir(exist_ok=True)
        file.write_text(content)
    return load_policy(folder)


def engines(policy: Policy) -> list[Engine]:
    return [ForwardChainer(policy), *([DurableEngine(policy)] if import_durable() else [])]


@pytest.mark.parametrize(
    ("facts", "strategy"),
    [
        ({"attempt": 3, "environment": "production"}, "escalate"),
        ({"attempt": 2, "environment": "production"}, None),
        ({"attempt": 3, "environment": "elsewhere"}, None),
        ({"attempt": 4, "environment": "elsewhere"}, "escalate"),
        ({"attempt": 4}, "escalate"),
        ({"environment": "production"}, None),
        ({"attempt": 9, "attempts_limit": 10}, None),
    ],
)
def test_a_fact_is_compared_with_its_threshold(tmp_path: Path, facts: dict[str, Any], strategy: str | None) -> None:
    """The row of the environment, else the default one; nothing to compare is a plain no."""
    for engine in engines(make_policy(tmp_path)):
        assert strategy == engine.decide(facts).facts.get("strategy")


def test_a_firing_tells_what_it_looked_at(tmp_path: Path) -> None:
    """The facts of its conditions and of its tables that were there, and no other."""
    for engine in engines(make_policy(tmp_path)):
        first, second = engine.decide({"attempt": 5, "environment": "production", "tool": "npm"}).trace
        assert {"environment": "production"} == dict(first.used)
        assert {"attempt": 5, "attempts_limit": 3} == dict(second.used)
        assert "Call 5 of 3." == second.because


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"guard": GUARD.replace("attempts_limit}}", "attempt_limits}}")}, r"guard/calls.yaml:3: when.attempt: .*'attempts_limit'"),
        ({"guard": GUARD.replace("{fact: attempts_limit}", "{fact: environment}")}, "environment is a text and cannot be compared"),
        ({"guard": GUARD.replace("{fact: attempts_limit}", "{of: x}")}, "or {fact: name} to compare"),
        ({"guard": GUARD.replace("attempt: {gte: {fact: attempts_limit}}", "confidence: {gte: 5}")}, "it is 0 to 1"),
        ({"guard": GUARD.replace("attempt: {gte: {fact: attempts_limit}}", "attempt: {gte: 0}")}, "it is at least 1"),
        ({"guard": GUARD.replace("attempt: {gte", "environment: {gte")}, "has no order"),
        ({"limit": LIMIT.replace("row: default", "row: defualt")}, "rows of calls are: default, production"),
        ({"limit": LIMIT.replace("lookup: calls", "lookup: words")}, "'attempts_limit' is|there is no|must be"),
        ({"limit": LIMIT.replace("by: environment", "by: attempt")}, "is no text, and rows have texts as names"),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_is_refused_at_load(tmp_path: Path, change: dict[str, str], message: str) -> None:
    """With file, line, key and the nearest name."""
    with pytest.raises(PolicyError, match=message):
        make_policy(tmp_path, **change)


def test_a_default_for_a_fact_of_the_own_stage_is_refused(tmp_path: Path) -> None:
    """It could be set later, and the default would have been too early."""
    (tmp_path / "limits").mkdir()
    (tmp_path / "limits" / "place.yaml").write_text("title: t\nwhen: {}\nthen: {place: here}\nbecause: b\n")
    with pytest.raises(PolicyError, match=r"limits/calls.yaml:4: .*own stage by limits/place: .*'otherwise'"):
        make_policy(tmp_path, limit=LIMIT.replace("by: environment", "by: place"))


def test_an_absent_fact_names_no_row(tmp_path: Path) -> None:
    """Also none that is called as Python shows what is absent."""
    for engine in engines(make_policy(tmp_path, head=HEAD.replace("production: 3", "None: 9"))):
        assert 4 == engine.decide({}).facts["attempts_limit"]
        assert 9 == engine.decide({"environment": "None"}).facts["attempts_limit"]


OPERANDS = ("a", "", 1, 0, 0.5, True, False, FactRef("other"))
TESTED = [
    (operator, operand)
    for operator in OPERATORS
    for operand in OPERANDS
    if not (isinstance(operand, FactRef) and operator in ("in", "not_in", "missing"))  # which take no other fact
]


@pytest.mark.parametrize(("operator", "operand"), TESTED)
@pytest.mark.parametrize("value", ["a", "", 1, 0, 0.5, True, False, None])
def test_a_compiled_condition_says_what_the_condition_says(operator: Any, operand: Any, value: Any) -> None:
    """Of every kind of value, present and absent: 1 is not True."""
    test = Condition("fact", operator, (operand,) if operator in ("in", "not_in") else operand)
    for other in ("a", 1, True, 0.5):
        facts = {"other": other, **({} if value is None else {"fact": value})}
        assert test.holds(facts) == compile_condition(test)(facts)
