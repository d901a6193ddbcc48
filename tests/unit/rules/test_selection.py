"""Which engine decides, and why."""

from __future__ import annotations

from dataclasses import replace

import pytest

from errclass.rules import ForwardChainer, Policy, find_obstacle, select_engine, selection
from errclass.rules.conditions import Condition


def test_without_durable_rules_our_own_decides(default_policy: Policy, monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine of our own is always there."""
    monkeypatch.setattr(selection, "import_durable", lambda: None)
    assert isinstance(select_engine(default_policy), ForwardChainer)
    assert "not installed" in str(find_obstacle(default_policy))


def test_installing_durable_rules_chooses_it(default_policy: Policy) -> None:
    """With durable-rules the default policy is decided by it."""
    pytest.importorskip("durable_rules_engine", reason="durable-rules is not installed or not for this Python")
    assert find_obstacle(default_policy) is None
    assert "durable-rules" == select_engine(default_policy).name


def test_more_than_250_rules_are_our_own_engines_job(default_policy: Policy, monkeypatch: pytest.MonkeyPatch) -> None:
    """251 rules are one too many for durable-rules, 250 are not."""
    monkeypatch.setattr(selection, "import_durable", lambda: selection)
    rule = default_policy.rules[0]
    many = tuple(replace(rule, id=f"evidence/r{number}") for number in range(251))
    assert "251 rules" in str(find_obstacle(replace(default_policy, rules=many)))
    assert find_obstacle(replace(default_policy, rules=many[:250])) is None


def test_more_facts_than_the_limit_are_our_own_engines_job(
    default_policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A policy that reads one fact more than durable-rules is trusted with is decided by our own engine."""
    monkeypatch.setattr(selection, "import_durable", lambda: selection)
    when = tuple(Condition(f"f{number}", "is", 1) for number in range(selection.FACT_LIMIT + 1))
    wide = replace(default_policy, rules=(replace(default_policy.rules[0], when=when, then=(), unless=()),))
    assert f"{selection.FACT_LIMIT + 1} facts" in str(find_obstacle(wide))
