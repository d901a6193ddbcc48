"""What a report shows, whatever the format: figures, tables, series and charts, in sections."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from plotly.graph_objects import Figure as Drawing

Cell = str | int | float | bool | datetime | None
"""A text may be a stranger's: formats escape it. Names, units, titles and notes are our own words."""
Unit = Literal["", "share", "seconds", "change", "points", "probability"]
"""``share``: 0 to 1. ``change``: relative, 0.5 is half as much again. ``points``: a difference of two shares.
``probability``: 0 to 1, of which the small ones matter."""


@dataclass(frozen=True, slots=True)
class Figure:
    """Hold one number with its name; None where it is not known."""

    label: str
    value: Cell
    unit: Unit = ""
    low: float | None = None
    """Lower end of the interval of 95 %, in the same unit."""
    high: float | None = None
    count: int | None = None
    """How many cases the number rests on."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """Describe one column of a table."""

    name: str
    unit: Unit = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Hold rows of cells, as many as there are columns."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Series:
    """Hold counts in slots of time of one length, oldest first."""

    name: str
    values: tuple[int, ...]
    slot: str
    """How long a slot is, in words."""


@dataclass(frozen=True, slots=True)
class Chart:
    """Hold what one of ``reports.figures`` draws; only formats that show charts have it drawn, and load plotly."""

    id: str
    """The id of its place in a page, such as ``errors-over-time``: one of its kind in a report."""
    title: str
    draw: Callable[[], Drawing]


@dataclass(frozen=True, slots=True)
class Section:
    """Hold what belongs together; what is empty is not shown."""

    title: str
    figures: tuple[Figure, ...] = ()
    series: tuple[Series, ...] = ()
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
    charts: tuple[Chart, ...] = ()
