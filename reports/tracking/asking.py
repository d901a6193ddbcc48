"""Ask a store how well operations work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from ...core.frozen import FrozenDict
from ...outcomes import Store, check_filters, open_figures
from ..period import Period
from ..report_type import Question
from .metrics import CurrentMetrics
from .reading import QUERIES, read_metrics
from .series import MetricSeries, find_query, find_slot, read_all_series


def ask_metrics(
    store: Store, window: str, *, now: datetime, filters: Mapping[str, str | Sequence[str]] = FrozenDict()
) -> CurrentMetrics:
    """Return the metrics of the time from ``now`` back as far as ``window`` says: N and m, h, d or w.

    Raises UsageError for an unknown window or filter, StoreError where the store cannot be read.
    """
    question = Question(Period.parse(window, now), check_filters(filters))
    with open_figures(store, *QUERIES, filters=question.filters) as reader:
        return read_metrics(reader, question)


def ask_series(
    store: Store,
    metrics: tuple[str, ...],
    window: str,
    slot: str | None = None,
    *,
    now: datetime,
    filters: Mapping[str, str | Sequence[str]] = FrozenDict(),
) -> tuple[MetricSeries, ...]:
    """Return metrics over such a window, in slots as long as ``slot`` says, or so that there are 48 at most.

    Raises UsageError likewise, and for an unknown metric and more than 1,000 slots.
    """
    question = Question(Period.parse(window, now), check_filters(filters))
    seconds = find_slot(question.period, slot)
    queries = sorted({find_query(metric) for metric in metrics})
    with open_figures(store, *queries, filters=question.filters) as reader:
        return read_all_series(reader, question, metrics, seconds)
