"""Analyse a store."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from ...core.clock import utc_now
from ...core.frozen import FrozenDict
from ...outcomes import FigureReader, Store, check_filters, open_figures
from ..period import Period
from ..report_type import Question
from .data import ErrorPatterns
from .foretelling import find_reach
from .patterns import PATTERN_QUERIES, find_patterns
from .trend_data import ErrorTrends
from .trends import TREND_QUERIES, find_trends

T = TypeVar("T")


def analyze_patterns(
    store: Store,
    window: str = "24h",
    *,
    filters: Mapping[str, str | Sequence[str]] = FrozenDict(),
    now: datetime | None = None,
) -> ErrorPatterns:
    """Return the patterns of the time from ``now`` back as far as ``window`` says; errors are those of make_report."""
    return _analyze(store, find_patterns, PATTERN_QUERIES, window, filters, now)


def analyze_trends(
    store: Store,
    window: str = "7d",
    *,
    filters: Mapping[str, str | Sequence[str]] = FrozenDict(),
    now: datetime | None = None,
) -> ErrorTrends:
    """Return the trends of the time from ``now`` back as far as ``window`` says; errors are those of make_report."""
    return _analyze(store, find_trends, TREND_QUERIES, window, filters, now, find_reach)


def analyze_window(
    store: Store,
    window: str = "24h",
    *,
    filters: Mapping[str, str | Sequence[str]] = FrozenDict(),
    now: datetime | None = None,
) -> tuple[ErrorPatterns, ErrorTrends]:
    """Return the patterns and the trends of one time, over one look at the store; errors are those of make_report."""
    return _analyze(store, _find_both, PATTERN_QUERIES + TREND_QUERIES, window, filters, now)


def _find_both(reader: FigureReader, question: Question) -> tuple[ErrorPatterns, ErrorTrends]:
    # In this order, for patterns mostly go further back.
    return find_patterns(reader, question), find_trends(reader, question)


def _analyze(
    store: Store,
    find: Callable[[FigureReader, Question], T],
    queries: Sequence[str],
    window: str,
    filters: Mapping[str, str | Sequence[str]],
    now: datetime | None,
    find_start: Callable[[Period], datetime] = lambda period: period.since,
) -> T:
    question = Question(Period.parse(window, now or utc_now()), check_filters(filters))
    with open_figures(store, *queries, filters=question.filters, since=find_start(question.period)) as reader:
        return find(reader, question)
