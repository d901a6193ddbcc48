"""Escalations of one process, for whoever has no store."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

from .keeper import Document

T = TypeVar("T")

MOST_CLOSED = 1_000
"""Closed ones that are kept; the oldest make room."""


class MemoryEscalations:
    """Behave as an ``EscalationKeeper`` that forgets everything at the end; safe to share between threads."""

    def __init__(self) -> None:
        self._documents: dict[str, Document] = {}
        self._lock = threading.Lock()

    def change_escalations(
        self, change: Callable[[list[Document]], tuple[Sequence[Document], T]], *, only: str | None = None
    ) -> T:
        """Hand the open ones to ``change`` and keep what it returns."""
        with self._lock:
            known = [one for one in self._documents.values() if (one["id"] == only if only else one["open"])]
            documents, result = change(known)
            self._documents |= {document["id"]: document for document in documents}
            self._make_room()
            return result

    def read_escalations(self, *, open_only: bool = False, limit: int | None = 1000) -> list[Document]:
        """Return them, newest first; ``limit`` None: all that are kept."""
        with self._lock:
            found = [one for one in self._documents.values() if one["open"] or not open_only]
        return sorted(found, key=lambda one: (one["created"], one["id"]), reverse=True)[:limit]

    def read_escalation(self, escalation_id: str) -> Document | None:
        """Return one; None where there is none."""
        return self._documents.get(escalation_id)

    def forget_escalations(self) -> int:
        """Drop those that are not open and return their number."""
        with self._lock:
            closed = [key for key, one in self._documents.items() if not one["open"]]
            for key in closed:
                del self._documents[key]
            return len(closed)

    def _make_room(self) -> None:
        closed = [key for key, one in self._documents.items() if not one["open"]]
        for key in closed[: max(0, len(closed) - MOST_CLOSED)]:
            del self._documents[key]
