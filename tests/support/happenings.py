"""Stores whose content a test writes down: what happened so many minutes after a moment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from errclass.core.happenings import Attempt
from errclass.core.types import Context, Decision, Outcome
from errclass.outcomes import Store, read_mart

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
DAY = 24 * 60


def at(minutes: float) -> datetime:
    """Return the moment so many minutes after the start, a Monday noon."""
    return START + timedelta(minutes=minutes)


def moment(minutes: float) -> datetime:
    """Return it as marts hold it: UTC without a zone."""
    return at(minutes).replace(tzinfo=None)


def decide(kind: str, **fields: Any) -> Decision:
    """Return a decision for a type, of which only what a test is about need be said."""
    values: dict[str, Any] = {
        "category": "transient" if kind in {"network", "temporary"} else "persistent",
        "type": kind,
        "severity": "medium",
        "retryable": False,
        "confidence": 0.75,
        "suggested_action": "look",
        "model_version": "m1",
        "rules_revision": "r1",
    }
    return Decision(**values | fields)


class Scene:
    """Write a store, and read its marts."""

    def __init__(self, store: Store, settle: Callable[[Store], object] = lambda _: None) -> None:
        self.store = store
        self._settle = settle

    def fail(self, name: str, minutes: float, kind: str | None = None, **fields: Any) -> None:
        """Record a failure; fields of the context and of the outcome may be mixed."""
        context = {key: fields.pop(key) for key in list(fields) if key in Context.__dataclass_fields__}
        context.setdefault("operation", "deploy")
        outcome = Outcome(name, "boom", time=at(minutes), context=Context(**context))
        if kind is not None:
            fields.setdefault("decision", decide(kind))
        self.store.record(replace(outcome, **fields))

    def call(self, name: str, minutes: float, success: bool, **fields: Any) -> None:
        """Record a finished call."""
        context = {key: fields.pop(key) for key in list(fields) if key in Context.__dataclass_fields__}
        context.setdefault("operation", "deploy")
        seconds = fields.pop("seconds", None)
        started = None if seconds is None else at(minutes) - timedelta(seconds=seconds)
        self.store.record_attempt(
            Attempt(name, success, Context(**context), started=started, ended=at(minutes), **fields)
        )

    def read(self, mart: str, *columns: str, **window: Any) -> list[tuple[Any, ...]]:
        """Return these columns of a mart in order of their values."""
        self._settle(self.store)
        rows = [tuple(row[name] for name in columns) for row in read_mart(self.store, mart, **window)]
        return sorted(rows, key=lambda row: [(cell is not None, cell) for cell in row])
