"""The opinions on what failures really were: listed, counted and taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..core.errors import UsageError
from .cause_opinions import name_voice
from .reader import ask
from .store import Store
from .times import from_naive_utc


@dataclass(frozen=True, slots=True)
class Opinion:
    """Hold one label as it stands beside others."""

    id: str
    type: str
    source: str
    author: str | None
    time: datetime
    weight: float
    retryable: bool | None
    spreads: bool
    """Whether it speaks for all failures with the same fingerprint."""
    outcome_id: str
    """The failure that it was said of."""
    counts: bool
    """Whether it is the one that counts for the failure that was asked about."""
    undone: datetime | None = None
    """When it was taken back; None while it stands."""
    undone_by: str | None = None

    @property
    def voice(self) -> str:
        """Who says so: ``human (alice)``."""
        return name_voice(self.source, self.author)


@dataclass(frozen=True, slots=True)
class Reach:
    """Count the failures that opinions speak for."""

    said: int
    """Failures that they were said of, themselves or over the fingerprint."""
    counting: int
    """Those of them for which no other opinion outranks them."""


def list_opinions(store: Store, outcome_id: str) -> list[Opinion]:
    """Return all opinions on an outcome, those taken back included, oldest first."""
    with store.reading() as session:
        return [_opinion(row) for row in ask(session, "opinions", {"id": outcome_id})]


def measure_reach(store: Store, label_ids: Sequence[str]) -> Reach:
    """Count the failures that the opinions with these ids speak for."""
    if not store.exists():
        return Reach(0, 0)
    with store.reading() as session:
        (row,) = ask(session, "label_reach", {"ids": list(label_ids)})
    return Reach(row["said"], row["counting"])


def take_back(store: Store, outcome_id: str, label_id: str, *, author: str | None = None) -> Opinion:
    """Take an opinion on an outcome back and return it; one that was taken back before stays as it is.

    Raises UsageError when no such opinion speaks of the outcome.
    """
    opinions = list_opinions(store, outcome_id)
    found = next((opinion for opinion in opinions if opinion.id == label_id), None)
    if found is None:
        known = ", ".join(opinion.id for opinion in opinions if opinion.undone is None) or "none"
        raise UsageError(f"no label {label_id!r} on outcome {outcome_id!r}; the labels that stand on it: {known}")
    if found.undone is None:
        store.undo_label(found.id, author=author)
    return found


def _opinion(row: Mapping[str, Any]) -> Opinion:
    same = ("id", "type", "source", "author", "weight", "retryable", "spreads", "counts", "undone_by")
    return Opinion(
        **{name: row[name] for name in same},
        time=from_naive_utc(row["labelled_at"]),
        outcome_id=row["failure_id"],
        undone=row["undone_at"] and from_naive_utc(row["undone_at"]),
    )
