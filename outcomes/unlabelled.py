"""The causes that nobody labelled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from .reader import ask
from .store import Store
from .times import to_naive_utc

_EVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class UnlabelledCause:
    """Hold the newest failure of a fingerprint on which no opinion stands."""

    fingerprint: str
    text: str
    tool: str | None


def iter_unlabelled(
    store: Store, *, limit: int, until: datetime | None = None, page: int = 500
) -> Iterator[UnlabelledCause]:
    """Yield the causes without any label, the ``limit`` newest, in no stated order.

    The history is open, and a page of texts in memory, only while a page is fetched. ``until`` is that of
    ``load_training_set``.
    """
    if not store.exists():
        return
    with store.reading() as session:
        parameters = {"size": limit, "until": to_naive_utc(until or _EVER)}
        ids = [row["id"] for row in ask(session, "unlabelled_causes", parameters)]
    for start in range(0, len(ids), page):
        with store.reading() as session:
            rows = ask(session, "failure_texts", {"ids": ids[start : start + page]})
        yield from (UnlabelledCause(row["fingerprint"], row["text"], row["tool"]) for row in rows)
