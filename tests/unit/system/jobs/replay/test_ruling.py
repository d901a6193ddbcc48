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
        ({"plan": Plan(100, 1.0)}, "plan", "retry, other plan"),
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
    ("before", "after", "words"),
    [
        (Plan(target="manual"), Plan(target="system_reset"), "escalate -> escalate system_reset"),
        (
            Plan(target="codegen"),
            Plan(target="codegen", approval=True),
            "escalate codegen -> escalate codegen, if agreed",
        ),
        (Plan(), Plan(target="manual"), "escalate, other plan"),
    ],
)
def test_who_an_escalation_goes_to_is_told(before: Plan, after: Plan, words: str) -> None:
    """A reset of the system is another action than a question to a person."""
    ruling = replace(RETRY, strategy="escalate")
    assert words == describe_change(replace(ruling, plan=before), replace(ruling, plan=after))


@pytest.mark.parametrize(
    ("strategy", "plan", "action", "automatic", "asks"),
    [
        ("escalate", Plan(target="codegen"), "escalate codegen", True, False),
        ("escalate", Plan(target="environment_reset"), "escalate environment_reset", True, False),
        ("escalate", Plan(target="system_reset"), "escalate system_reset", True, False),
        ("escalate", Plan(target="of_ours"), "escalate of_ours", True, False),
        ("escalate", Plan(target="codegen", approval=True), "escalate codegen, if agreed", False, True),
        ("escalate", Plan(target="manual"), "escalate", False, True),
        ("escalate", Plan(target="manual", approval=True), "escalate", False, True),
        ("escalate", Plan(), "escalate", False, True),
        ("notify", Plan(target="codegen"), "notify", False, True),
        ("ignore", Plan(target="codegen", approval=True), "ignore", False, False),
    ],
)
def test_a_repair_is_automatic_unless_a_person_has_to_agree(
    strategy: str, plan: Plan, action: str, automatic: bool, asks: bool
) -> None:
    """Whatever mends is no person."""
    ruling = replace(RETRY, strategy=strategy, plan=plan)
    assert (action, action if automatic else None, asks) == (ruling.action, ruling.automatic, ruling.asks)
    assert (None, 0) == (ruling.rerun, ruling.calls)


@pytest.mark.parametrize(
    ("strategy", "plan", "calls"),
    [
        ("retry", Plan(4), 4),
        ("recover", Plan(2, recipe="free_space"), 2),
        ("retry", Plan(100, approval=True), 0),
        ("notify", Plan(100), 0),
        ("retry", Plan("many"), 0),  # type: ignore[arg-type] # as a foreign store may have it
        ("retry", Plan(-3), 0),
    ],
)
def test_only_what_is_called_again_by_itself_allows_calls(strategy: str, plan: Plan, calls: int) -> None:
    """And a damaged plan allows none."""
    assert calls == replace(RETRY, strategy=strategy, plan=plan).calls


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
