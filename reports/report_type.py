"""What a type of report is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from ..outcomes import FigureReader, Filters
from .period import Period
from .price import Price
from .report import ReportBody


@dataclass(frozen=True, slots=True)
class Question:
    """Hold what a report is asked for."""

    period: Period
    filters: Filters
    price: Price | None = None
    """What a minute costs, where that is known."""


@dataclass(frozen=True, slots=True)
class ReportType:
    """Hold how a type of report is made."""

    title: str
    queries: tuple[str, ...]
    """Those of ``outcomes/sql/figures`` that ``make`` reads."""
    make: Callable[[FigureReader, Question], ReportBody]
    find_start: Callable[[Period], datetime] = lambda period: period.since
    """From when on the queries are asked; where one of failures alone goes back further, that costs little."""
