"""Failures by day, where their level changed, and what is to be expected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

_TIME = "%Y-%m-%d %H:%M"


@dataclass(frozen=True, slots=True)
class Level:
    """Hold a time of one level."""

    since: datetime
    until: datetime
    rate: float
    """Failures a day."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """Hold what is to be expected a day, and between what 95 % lie."""

    since: datetime
    until: datetime
    expected: float
    low: float
    high: float


def draw_trend(
    counts: Sequence[int], since: datetime, levels: Sequence[Level] = (), outlook: Outlook | None = None
) -> Figure:
    """Return bars of counts by day, a line for each level, and a band for what is to come; times are UTC."""
    from plotly.graph_objects import Bar, Figure

    days = [since + timedelta(days=number) for number in range(len(counts))]
    width = 86_400_000.0
    bars = Bar(
        x=[f"{day:{_TIME}}" for day in days],
        y=list(counts),
        name="errors a day",
        width=0.9 * width,
        offset=0.05 * width,  # a day stands right of its start
        hovertemplate="%{x|%Y-%m-%d %H:%M}<br>%{y} errors<extra></extra>",
    )
    figure = Figure(bars)
    for number, level in enumerate(levels):
        figure.add_trace(_draw_level(level, first=number == 0))
    for trace in _draw_outlook(outlook) if outlook else ():
        figure.add_trace(trace)
    figure.update_xaxes(title="time (UTC)", type="date", showgrid=False)
    figure.update_yaxes(title="errors a day", rangemode="tozero")
    return figure


def _draw_level(level: Level, *, first: bool) -> Any:
    from plotly.graph_objects import Scatter

    return Scatter(
        x=_span(level),
        y=[level.rate, level.rate],
        mode="lines",
        name="level",
        legendgroup="level",
        showlegend=first,
        hovertemplate="%{y:.2f} errors a day<extra></extra>",
    )


def _draw_outlook(outlook: Outlook) -> tuple[Any, ...]:
    from plotly.graph_objects import Scatter

    times = _span(outlook)
    band = Scatter(
        x=[*times, *reversed(times)],
        y=[outlook.low, outlook.low, outlook.high, outlook.high],
        fill="toself",
        mode="lines",
        line={"width": 0},
        name="95 % of what may come",
        hoverinfo="skip",
    )
    middle = Scatter(x=times, y=[outlook.expected] * 2, mode="lines", line={"dash": "dash"}, name="forecast")
    return band, middle


def _span(one: Level | Outlook) -> list[str]:
    return [f"{one.since:{_TIME}}", f"{one.until:{_TIME}}"]
