"""Read what a report of waste holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ...outcomes import FigureReader
from ..failure_rows import choose_message
from ..known_span import find_known_from
from ..price import Price
from ..report_type import Question
from ..summary.reading import round_seconds
from .data import CauseLosses, Losses, Money, Spent, TypeLosses, WasteData

QUERIES = ("known_span", "lost_time", "lost_time_causes")
MOST_CAUSES: Final = 20
_UNDECIDED = "undecided"
Row = Mapping[str, Any]


def read_waste(reader: FigureReader, question: Question) -> WasteData:
    """Return what failures of a window cost."""
    since, until = question.period.since, question.period.until
    rows = reader.read("lost_time", since, until)
    causes = reader.read("lost_time_causes", since, until, size=MOST_CAUSES)
    total = _read_losses(next(row for row in rows if row["dimension"] == "all"))
    return WasteData(
        total=total,
        by_type=tuple(
            TypeLosses(row["value"] or _UNDECIDED, _read_losses(row)) for row in rows if row["dimension"] == "type"
        ),
        by_cause=tuple(map(_read_cause, causes)),
        money=None if question.price is None else _count_money(total, question.price),
        known_from=find_known_from(reader, question.period),
    )


def _read_losses(row: Row) -> Losses:
    return Losses(
        failed=_read_spent(row, "failed_calls", "failed_seconds"),
        in_vain=_read_spent(row, "failed_retries", "failed_retry_seconds"),
        helpful_retries=_read_spent(row, "helpful_retries", "helpful_retry_seconds"),
        helpful_recoveries=_read_spent(row, "helpful_recoveries", "helpful_recovery_seconds"),
        untimed_calls=row["untimed_calls"],
    )


def _read_spent(row: Row, calls: str, seconds: str) -> Spent:
    return Spent(row[calls], round_seconds(row[seconds]) if row[calls] else 0.0)


def _read_cause(row: Row) -> CauseLosses:
    return CauseLosses(
        row["fingerprint"], row["type"] or _UNDECIDED, row["operation"], choose_message(row), _read_losses(row)
    )


def _count_money(total: Losses, price: Price) -> Money:
    return Money(
        currency=price.currency,
        per_minute=price.per_minute,
        lost=price.of(total.failed.seconds),
        in_vain=price.of(total.in_vain.seconds),
        saved=price.of(total.saved_seconds),
    )
