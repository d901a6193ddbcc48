"""Take many answers of a person at once, such that the same ones again add nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from ..core.clock import utc_now
from ..core.types import Label
from .events import label_event
from .reader import ask
from .store import Store

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Answer:
    """Hold what a person says that a failure, and all with its fingerprint, really was."""

    outcome_id: str
    type: str
    retryable: bool | None = None

    @property
    def label_id(self) -> str:
        """The id of its label: the same for the same answer."""
        said = "\0".join(("review", self.outcome_id, self.type, str(self.retryable)))
        return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def known_outcomes(store: Store, ids: Iterable[str]) -> set[str]:
    """Return those of the ids that are stored outcomes'."""
    return _known(store, "known_failures", list(ids))


def known_answers(store: Store, answers: Iterable[Answer]) -> set[str]:
    """Return the label ids of those answers that were given before, taken back since or not."""
    return _known(store, "known_labels", [answer.label_id for answer in answers])


def add_answers(store: Store, answers: Iterable[Answer], *, author: str | None = None) -> None:
    """Write answers as labels that spread over the fingerprint, in groups that are durable as a whole."""
    remaining = iter(answers)
    while chunk := list(islice(remaining, _CHUNK)):
        store.add_events(label_event(answer.outcome_id, _label(answer, author), answer.label_id) for answer in chunk)


def _known(store: Store, query: str, ids: Sequence[str]) -> set[str]:
    if not ids or not store.exists():
        return set()
    with store.reading() as session:
        return {row["id"] for row in ask(session, query, {"ids": list(ids)})}


def _label(answer: Answer, author: str | None) -> Label:
    return Label(answer.type, "human", retryable=answer.retryable, time=utc_now(), author=author, spreads=True)
