"""Since when a store knows anything."""

from __future__ import annotations

from datetime import datetime

from ..outcomes import FigureReader, from_naive_utc
from .period import Period


def find_known_from(reader: FigureReader, period: Period) -> datetime | None:
    """Return the first moment of which the store knows a failure or a call, in UTC; None of an empty store.

    It may lie after ``period`` or long before it, which changes nothing.
    """
    (row,) = reader.read("known_span", period.since, period.until)
    moment: datetime | None = row["known_from"]
    return from_naive_utc(moment) if moment else None
