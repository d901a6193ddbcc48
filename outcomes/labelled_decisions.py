"""What was known when failures were decided, beside what people, imports and re-runs say that they were."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from .evidence import ENOUGH_FAILED, belief
from .reader import ask
from .store import Store
from .times import from_naive_utc, to_naive_utc

MOST: Final = 10_000
"""Most rows that are read: the newest say most of what will come."""
SURE: Final = 0.95
"""Belief from which on re-runs alone say whether a re-run helps: three that passed, or five in vain."""


@dataclass(frozen=True, slots=True)
class LabelledDecision:
    """Hold the facts of one cause in one place, and what it really was."""

    cause: str
    """Equal for failures of one cause, and never their text."""
    time: datetime
    """Of the cause's first case that was asked for."""
    facts: Mapping[str, Any] | None
    """As stored; None where they cannot be read any more."""
    type: str | None
    """What a person or an import said; None where only re-runs tell of it."""
    retryable: bool | None
    """What they said of an unchanged re-run, else what such re-runs showed; None where neither tells."""
    model_version: str | None = None


def load_labelled_decisions(store: Store, since: datetime) -> list[LabelledDecision]:
    """Return what occurred ``since`` then, oldest cause first; of more than ``MOST`` the newest.

    There is one row per cause, label and place (operation, component, job, ...), from the newest such case.
    """
    if not store.exists():
        return []
    with store.reading() as session:
        rows = ask(session, "labelled_decisions", {"since": to_naive_utc(since), "most": MOST})
    return [_read_row(row) for row in reversed(rows)]


def _read_row(row: Mapping[str, Any]) -> LabelledDecision:
    said = row["retryable"]
    return LabelledDecision(
        cause=row["cause"],
        time=from_naive_utc(row["first_at"]),
        facts=_read_facts(row["facts"]),
        type=row["type"],
        retryable=_hear_reruns(int(row["tries"]), int(row["passed"])) if said is None else said,
        model_version=row["model_version"],
    )


def _read_facts(document: str) -> dict[str, Any] | None:
    try:
        facts = json.loads(document)
    except (ValueError, RecursionError):
        return None
    return facts if isinstance(facts, dict) else None


def _hear_reruns(tries: int, passed: int) -> bool | None:
    """Say whether re-runs helped: most of them, or none; None where they are too few or say both."""
    if passed and 2 * passed >= tries and belief(passed) >= SURE:
        return True
    in_vain = tries - ENOUGH_FAILED + 1
    return False if not passed and in_vain > 0 and belief(in_vain) >= SURE else None
