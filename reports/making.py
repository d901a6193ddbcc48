"""Make a report of the outcome store."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from ..core.clock import utc_now
from ..core.frozen import FrozenDict
from ..outcomes import Filters, Store, check_filters, open_figures
from .failure_rows import MOST_ROWS, describe_failure
from .period import Period
from .price import Price
from .registry import load_type
from .report import Report
from .report_type import Question, ReportType


def make_report(
    store: Store,
    type: str = "summary",  # noqa: A002 - it is what the value is called everywhere
    *,
    window: str = "24h",
    filters: Mapping[str, str | Sequence[str]] = FrozenDict(),
    include_raw_data: bool = False,
    price: Price | None = None,
    now: datetime | None = None,
) -> Report:
    """Return a report on the time from ``now`` back as far as ``window`` says: N and m, h, d or w.

    ``filters``: name -> value or values, of which any will do. ``include_raw_data`` adds the newest 5,000 failures.
    ``price``: what a minute costs, for types that tell costs; without it they tell times.
    A store where nothing was ever recorded gives a report that says so. Raises UsageError for an unknown type, window
    or filter, StoreError where the store cannot be read.
    """
    kind, question = _read_request(type, window, filters, price, now or utc_now())
    names = (*kind.queries, *(("newest_failures",) if include_raw_data else ()))
    since = kind.find_start(question.period)
    with open_figures(store, *names, filters=question.filters, since=since) as reader:
        body = kind.make(reader, question)
        rows = (
            reader.read("newest_failures", question.period.since, question.period.until, size=MOST_ROWS)
            if include_raw_data
            else None
        )
    return Report(
        id=_derive_id(type, question),
        type=type,
        title=kind.title,
        period=question.period,
        generated_at=question.period.until,
        body=body,
        filters=question.filters,
        failures=None if rows is None else tuple(map(describe_failure, rows)),
    )


def check_request(
    type: str,  # noqa: A002 - likewise
    *,
    window: str = "24h",
    filters: Mapping[str, str | Sequence[str]] = FrozenDict(),
) -> None:
    """Raise UsageError where ``make_report`` would, without making a report."""
    _read_request(type, window, filters, None, utc_now())


def _read_request(
    name: str, window: str, filters: Mapping[str, str | Sequence[str]], price: Price | None, now: datetime
) -> tuple[ReportType, Question]:
    return load_type(name), Question(Period.parse(window, now), check_filters(filters), price)


def _derive_id(name: str, question: Question) -> str:
    span = question.period
    asked = json.dumps([name, span.since.isoformat(), _listed(question.filters)])
    return f"{name}-{span.until:%Y%m%dT%H%M%SZ}-{hashlib.sha256(asked.encode()).hexdigest()[:8]}"


def _listed(filters: Filters) -> list[Any]:
    return [[name, list(values)] for name, values in filters.items()]
