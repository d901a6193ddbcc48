"""Causes that are labelled in two ways, and who wins."""

from __future__ import annotations

from dataclasses import dataclass

from .cause_opinions import CauseOpinion, ask_opinions
from .reader import ask
from .store import Store


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Hold a cause on which standing opinions name several types."""

    id: str
    """The newest failure of the cause."""
    fingerprint: str | None
    count: int
    """Failures of the cause."""
    opinions: tuple[CauseOpinion, ...]
    """The winner first: a person before an import before an outcome before a weak label, then the latest."""

    @property
    def winner(self) -> CauseOpinion:
        """The opinion that the cause as a whole goes by; a failure may have one of its own beside it."""
        return self.opinions[0]


def list_disagreements(store: Store) -> list[Disagreement]:
    """Return all such causes, the most frequent first."""
    if not store.exists():
        return []
    with store.reading() as session:
        rows = ask(session, "disagreements")
        opinions = ask_opinions(session, [row["cause"] for row in rows])
    return [Disagreement(row["id"], row["fingerprint"], row["failures"], opinions[row["cause"]]) for row in rows]


def count_disagreements(store: Store) -> int:
    """Return the number of causes that are labelled in two ways."""
    if not store.exists():
        return 0
    with store.reading() as session:
        return len(ask(session, "disagreements"))
