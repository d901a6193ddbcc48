"""What makes one decision another."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from errclass.core.types import Plan
from errclass.system.jobs.replay.ruling import FIELDS, Rerun, Ruling, describe_change, list_changes

RETRY = Ruling("retry", "network", "low", True, Plan(4, 1.0), "low", ("slack",))


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"strategy": "notify"}, "strategy", "retry -> notify"),
        ({"type": "test"}, "type", "retry, type network -> test"),
        ({"severity": "high"}, "severity", "retry, severity low -> high"),
        ({"retryable": False}, "retryable", "retry, retryable True -> False"),
        ({"plan": Plan(3, 1.0)}, "plan", "retry, other plan"),
        ({"priority": "high"}, "priority", "retry, priority low -> high"),
        ({"channels": ()}, "channels", "retry, other channels"),
        ({"plan": Plan(4, 1.0, approval=True)}, "plan", "retry -> retry, if agreed"),
    ],
)
def test_a_change_is_named(change: dict[str, Any], field: str, words: str) -> None:
    """By the one thing that counts most."""
    after = replace(RETRY, **change)
    assert ([field], words) == (list(list_changes(RETRY, after)), describe_change(RETRY, after))


def test_equal_rulings_differ_in_nothing() -> None:
    """Whole numbers and others alike."""
    assert [] == list(list_changes(RETRY, replace(RETRY, plan=Plan(4, 1))))
    assert set(Ruling.__slots__) == set(FIELDS)


@pytest.mark.parametrize(
    ("strategy", "plan", "rerun", "asks"),
    [
        ("retry", Plan(), Rerun("retry", None), False),
        ("retry", Plan(recipe="free_space"), Rerun("retry", None), False),
        ("recover", Plan(recipe="free_space"), Rerun("recover", "free_space"), False),
        ("recover", Plan(), Rerun("recover", None), False),
        ("recover", Plan(recipe="free_space", approval=True), None, True),
        ("escalate", Plan(), None, True),
        ("notify", Plan(), None, True),
        ("ignore", Plan(), None, False),
        ("of another version", Plan(), None, False),
    ],
)
def test_who_acts(strategy: str, plan: Plan, rerun: Rerun | None, asks: bool) -> None:
    """The operation is called again by itself, or a person is asked, or neither."""
    ruling = replace(RETRY, strategy=strategy, plan=plan)
    assert (rerun, asks) == (ruling.rerun, ruling.asks)


@pytest.mark.parametrize(
    ("target", "approval", "action", "automatic"),
    [
        ("manual", False, "escalate", False),
        (None, False, "escalate", False),
        ("codegen", False, "escalate to codegen", True),
        ("system_reset", False, "escalate to system_reset", True),
        ("system_reset", True, "escalate to system_reset, if agreed", False),
    ],
)
def test_an_escalation_that_asks_nobody_is_something_done(
    target: str | None, approval: bool, action: str, automatic: bool
) -> None:
    """A repair or a reset by itself is told apart from asking a person."""
    ruling = replace(RETRY, strategy="escalate", plan=Plan(target=target, approval=approval))
    assert (action, automatic, not automatic) == (ruling.action, ruling.is_automatic, ruling.asks)
