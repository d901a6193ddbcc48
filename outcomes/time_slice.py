"""The labelled outcomes in order of time, and the newest of them, which a model is judged on."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .reader import ask
from .store import Store
from .times import from_naive_utc

MOST = 2_000
"""A slice is never larger: more texts cost time and tell little more."""


@dataclass(frozen=True, slots=True)
class LabelledOutcome:
    """Hold one cause with the type that a person or an import gave it, and what was decided on its newest case."""

    text: str
    type: str
    time: datetime
    """Of the first labelled case of the cause."""
    label_source: str
    """``human`` or ``import``."""
    fingerprint: str | None = None
    tool: str | None = None
    job: str | None = None
    component: str | None = None
    operation: str | None = None
    retryable: bool | None = None
    """Whether an unchanged re-run would have helped; None where nobody said."""
    decided_type: str | None = None
    """None where nothing was decided, as for imported history; so are the following."""
    confidence: float | None = None
    abstained: str | None = None
    decided_retryable: bool | None = None
    model_version: str | None = None


def load_labelled(store: Store, *, since: datetime | None = None) -> list[LabelledOutcome]:
    """Return one outcome per cause and type, oldest cause first; ``since`` leaves out older causes.

    A cause is a fingerprint or, without one, the text itself, so that no two rows are near-duplicates. Only what people
    and imports said counts. Causes of the same time are in an order that is arbitrary, and always the same.
    """
    if not store.exists():
        return []
    with store.reading() as session:
        found = [_outcome(row) for row in ask(session, "labelled_causes")]
    return [outcome for outcome in found if since is None or outcome.time >= since]


def newest_slice(outcomes: Sequence[LabelledOutcome], *, share: float, least: int) -> Sequence[LabelledOutcome]:
    """Return the newest ``share`` (0 to 1) of outcomes in order of time: ``least`` at least, half of them at most.

    So as much is left to learn from as is judged on; fewer than ``least`` come back where there are too few for both.
    """
    wanted = max(math.ceil(share * len(outcomes)), least)
    size = min(wanted, len(outcomes) // 2, MOST)
    return outcomes[len(outcomes) - size :]


def _outcome(row: Mapping[str, Any]) -> LabelledOutcome:
    return LabelledOutcome(
        **{name: value for name, value in row.items() if name != "first_at"}, time=from_naive_utc(row["first_at"])
    )
