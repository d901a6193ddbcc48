"""Where the marks of small charts are; templates draw them, and say the same in words beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from ...reports.wording import write_span

HEIGHT: Final = 100.0
"""Of a chart, in its own units; a slot is one unit wide."""
_GAP = 0.16
_TICKS = 4


@dataclass(frozen=True, slots=True)
class Column:
    """Hold one column of a chart, and what it stands for."""

    x: float
    y: float
    width: float
    height: float
    label: str
    value: int


@dataclass(frozen=True, slots=True)
class ColumnChart:
    """Hold counts over time."""

    columns: tuple[Column, ...]
    width: int
    height: float
    top: int
    ticks: tuple[str, ...]
    """Times below it, evenly spread from its first slot to its last."""
    slot: str
    """How long a slot is, in words."""
    total: int

    @property
    def summary(self) -> str:
        """What it shows, in a sentence."""
        if not self.total:
            return f"None, in {self.width} slots of {self.slot}."
        peak = max(self.columns, key=lambda one: one.value)
        return f"{self.total} in {self.width} slots of {self.slot}; most, {peak.value}, from {peak.label}."


@dataclass(frozen=True, slots=True)
class Interval:
    """Hold a share and its interval, from 0 to 100."""

    low: float
    high: float
    value: float


@dataclass(frozen=True, slots=True)
class Curve:
    """Hold shares over time as a line, broken where nothing is known."""

    path: str
    dots: tuple[tuple[float, float, str], ...]
    width: int
    height: float
    ticks: tuple[str, ...]


def draw_columns(values: Sequence[int], since: datetime, seconds: float) -> ColumnChart:
    """Return the chart of counts in slots of so many seconds from ``since`` on."""
    top = max(values, default=0)
    labels = [_label(since, seconds, number) for number in range(len(values))]
    columns = tuple(
        Column(
            x=number + _GAP / 2,
            y=round(HEIGHT - _scale(value, top), 2),
            width=1 - _GAP,
            height=round(_scale(value, top), 2),
            label=labels[number],
            value=value,
        )
        for number, value in enumerate(values)
    )
    ticks = _pick_ticks(since, seconds, len(values))
    return ColumnChart(columns, max(len(values), 1), HEIGHT, top, ticks, write_span(seconds), sum(values))


def draw_interval(value: float | None, low: float | None = None, high: float | None = None) -> Interval | None:
    """Return the marks of a share between 0 and 1; None for one that is not known."""
    if value is None:
        return None
    ends = (value if low is None else low, value if high is None else high)
    return Interval(round(100 * ends[0], 2), round(100 * ends[1], 2), round(100 * value, 2))


def draw_curve(values: Sequence[float | None], since: datetime, seconds: float) -> Curve:
    """Return the line of shares between 0 and 1 in slots of so many seconds from ``since`` on."""
    points = [None if value is None else (n + 0.5, round(HEIGHT * (1 - value), 2)) for n, value in enumerate(values)]
    path = "".join(_step(before, point) for before, point in pairwise([None, *points]))
    dots = tuple(
        (point[0], point[1], f"{_label(since, seconds, number)}: {100 * (values[number] or 0):.0f} %")
        for number, point in enumerate(points)
        if point is not None
    )
    return Curve(path, dots, max(len(values), 1), HEIGHT, _pick_ticks(since, seconds, len(values)))


def _step(before: tuple[float, float] | None, point: tuple[float, float] | None) -> str:
    return "" if point is None else f"{'M' if before is None else 'L'}{point[0]:g} {point[1]:g}"


def _scale(value: float, top: float) -> float:
    """Return the height of a value; what is there at all is seen."""
    return max(HEIGHT * value / top, 1.5) if value and top else 0.0


def _label(since: datetime, seconds: float, number: int) -> str:
    return f"{since + timedelta(seconds=seconds * number):%d %b %H:%M}"


def _pick_ticks(since: datetime, seconds: float, count: int) -> tuple[str, ...]:
    form = "%H:%M" if seconds * count <= 86_400 else "%d %b"
    places = [round(number * (count - 1) / _TICKS) for number in range(_TICKS + 1)] if count > _TICKS else range(count)
    return tuple(f"{since + timedelta(seconds=seconds * place):{form}}" for place in places)
