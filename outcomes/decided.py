"""Stored decisions, as far as deciding anew needs them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from ..core.rebuilt import rebuild_plan
from ..core.types import Facts, Plan
from .reader import ask
from .store import Store
from .times import from_naive_utc, to_naive_utc

PAGE = 20_000
"""Decisions in memory at a time: with their facts some 30 MB."""


@dataclass(frozen=True, slots=True)
class DecidedFailure:
    """Hold what was known of one failure and what was decided."""

    id: str
    time: datetime
    fingerprint: str | None
    operation: str | None
    text: str | None
    """The masked region; None unless it was asked for."""
    facts: Facts
    """Empty where they are damaged or were never kept."""
    type: str | None
    severity: str | None
    retryable: bool | None
    strategy: str
    priority: str | None
    plan: Plan | None
    """None where the stored decision is damaged."""
    channels: tuple[str, ...]
    rules_revision: str | None


def count_decided(store: Store, since: datetime) -> tuple[int, int]:
    """Return how many failures occurred since a moment, and how many of them were decided."""
    if not store.exists():
        return 0, 0
    with store.reading() as session:
        (row,) = ask(session, "decided_size", {"from_time": to_naive_utc(since)})
    return row["failures"], row["decided"]


def iter_decided(
    store: Store, since: datetime, *, with_text: bool = False, page: int = PAGE
) -> Iterator[DecidedFailure]:
    """Yield the decided failures since a moment, oldest first; the history is open only while a page is fetched."""
    after = {"after_time": to_naive_utc(since), "after_id": ""}
    while store.exists():
        with store.reading() as session:
            rows = ask(session, "decided_page", {"with_text": with_text, "size": page, **after})
        yield from map(_rebuild, rows)
        if len(rows) < page:
            return
        after = {"after_time": rows[-1]["occurred_at"], "after_id": rows[-1]["id"]}


def _rebuild(row: Mapping[str, Any]) -> DecidedFailure:
    kept = ("id", "fingerprint", "operation", "text", "type", "severity", "retryable", "strategy", "priority")
    return DecidedFailure(
        **{name: row[name] for name in kept},
        time=from_naive_utc(row["occurred_at"]),
        facts=_read_facts(row["facts"]),
        plan=_read_plan(row["plan"]),
        channels=_read_names(row["channels"]),
        rules_revision=row["rules_revision"],
    )


def _read_facts(text: str) -> Facts:
    facts = _read_json(text)
    return facts if isinstance(facts, dict) else {}  # plain: each of many is read often, and shared with nobody


@lru_cache(maxsize=1024)
def _read_plan(text: str | None) -> Plan | None:
    document = _read_json(text)
    return rebuild_plan(document) if isinstance(document, dict) else None


@lru_cache(maxsize=1024)
def _read_names(text: str | None) -> tuple[str, ...]:
    names = _read_json(text)
    return tuple(name for name in names if isinstance(name, str)) if isinstance(names, list) else ()


def _read_json(text: str | None) -> Any:
    """Return what the text holds; None where it is damaged."""
    try:
        return json.loads(text or "null")
    except (ValueError, RecursionError):
        return None
