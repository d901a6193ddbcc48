"""Stored rows to cases: what cannot be used is left out, and nothing of it breaks the rest."""

from __future__ import annotations

from typing import Any

import pytest
from support.judged_history import START

from errclass.outcomes import LabelledDecision
from errclass.system.jobs.suggestion.judged_cases import read_cases

TYPES = ("network", "test")


def row(facts: Any, kind: str | None = "test", retryable: bool | None = None) -> LabelledDecision:
    return LabelledDecision("0" * 16, START, facts, kind, retryable)


@pytest.mark.parametrize(
    ("stored", "kept"),
    [
        ({"exit_code": 42, "component": "shop"}, {"component": "shop", "exit_code": 42}),
        ({"exit_code": "42", "component": 7, "cancelled": 1, "tool": True}, {}),
        ({"exit_code": True, "confidence": 1.5, "attempt": 0, "effect": "nuclear"}, {}),
        ({"exit_code": -(10**6), "tool": None, "job": ["a"], "phase": {"a": "b"}}, {}),
        ({"type": "test", "proven_type": "test", "no_such_fact": 1, "tool": "npm"}, {"tool": "npm"}),
        ({"tool": "x" * 1000}, {"tool": "x" * 256}),
        ({"confidence": float("nan"), "margin": 0.123456}, {"margin": 0.1235}),
        (None, {}),
        ({}, {}),
    ],
)
def test_only_inputs_that_can_be_are_facts(stored: Any, kept: dict[str, Any]) -> None:
    """As the engines carry them; a case without any is none."""
    assert ([kept] if kept else []) == [dict(case.facts) for case in read_cases([row(stored)], TYPES)]


@pytest.mark.parametrize(
    ("kind", "retryable", "truths"),
    [
        ("test", None, {"type": "test"}),
        ("test", False, {"type": "test", "retryable": False}),
        (None, True, {"retryable": True}),
        ("gremlins", True, {"retryable": True}),
        ("gremlins", None, None),
        (None, None, None),
    ],
)
def test_a_type_outside_of_the_taxonomy_is_no_truth(
    kind: str | None, retryable: bool | None, truths: dict[str, Any] | None
) -> None:
    """No rule could say it; what is known of re-runs stays."""
    found = [dict(case.truths) for case in read_cases([row({"tool": "npm"}, kind, retryable)], TYPES)]
    assert ([] if truths is None else [truths]) == found
