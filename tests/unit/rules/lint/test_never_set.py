"""Parts of a decision that no rule of the set ever sets."""

from __future__ import annotations

from errclass.rules import Policy
from errclass.rules.lint import lint_policy

from .conftest import MakePolicy


def test_a_set_that_decides_nothing_is_found(make_policy: MakePolicy) -> None:
    """Each part by its name."""
    policy = make_policy({"severity/a": {"when": {"tool": "npm"}, "then": {"severity": "low"}}})
    found = [finding.message for finding in lint_policy(policy, only=("never_set",)).findings]
    names = ("type", "category", "retryable", "strategy", "priority")
    assert [f"No rule of the set ever sets {name}." for name in names] == found


def test_the_shipped_set_lacks_none(default_policy: Policy) -> None:
    """It decides all."""
    assert () == lint_policy(default_policy, only=("never_set", "unread_rows", "loops")).findings
