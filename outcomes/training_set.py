"""What the store teaches the next model."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ..core.types import Example
from .events import to_naive_utc
from .reader import load_sql
from .store import Store

REPEAT_CAP = 3.0
"""Most that repetition may multiply a weight by, so that one frequent failure does not swamp the rest."""


def load_training_set(store: Store, *, until: datetime | None = None) -> list[Example]:
    """Return one example per cause and type among the labelled outcomes.

    The weight is that of the strongest source of labels on the cause (``weights.SOURCE_WEIGHTS``) times the label's
    own, times 1 + log2(cases), at most ``REPEAT_CAP``. Labels of weight 0 are left out, and so is what was labelled
    after ``until``.
    """
    if not store.exists():
        return []
    query, parameters = load_sql("training_set"), {}
    if until is not None:
        labels = "JOIN (SELECT * FROM effective_labels WHERE labelled_at <= $until) AS effective_labels"
        query, parameters = query.replace("JOIN effective_labels", labels), {"until": to_naive_utc(until)}
    with store.reading() as session:
        cursor = session.execute(query, parameters)
        columns = [column[0] for column in cursor.description or ()]
        rows = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    return [_example(row) for row in rows if row["weight"] > 0]


def _example(row: Mapping[str, Any]) -> Example:
    repeat = min(1 + math.log2(row["cases"]), REPEAT_CAP)
    source = "weak" if row["source"] == "weak" else "store"
    return Example(row["text"], row["type"], row["retryable"], row["weight"] * repeat, row["tool"], source)
