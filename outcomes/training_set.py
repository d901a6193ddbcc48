"""What the store teaches the next model."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ..core.types import Example
from .reader import ask
from .store import Store
from .times import to_naive_utc

_EVER = datetime.max.replace(tzinfo=UTC)
REPEAT_CAP = 3.0
"""Most that repetition may multiply a weight by, so that one frequent failure does not swamp the rest."""


def load_training_set(store: Store, *, until: datetime | None = None) -> list[Example]:
    """Return one example per cause and type among the labelled outcomes.

    The weight is that of the strongest source of labels on the cause (``weights.SOURCE_WEIGHTS``) times the label's
    own, times 1 + log2(cases), at most ``REPEAT_CAP``. Labels of weight 0 are left out. ``until`` leaves out what was
    recorded later, that an opinion was taken back too.
    """
    if not store.exists():
        return []
    with store.reading() as session:
        rows = ask(session, "training_set", {"until": to_naive_utc(until or _EVER)})
    return [_example(row) for row in rows if row["weight"] > 0]


def _example(row: Mapping[str, Any]) -> Example:
    repeat = min(1 + math.log2(row["cases"]), REPEAT_CAP)
    source = "weak" if row["source"] == "weak" else "store"
    return Example(row["text"], row["type"], row["retryable"], row["weight"] * repeat, row["tool"], source)
