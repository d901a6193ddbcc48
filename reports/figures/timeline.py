"""Counts over time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


def draw_timeline(counts: Sequence[int], since: datetime, slot_seconds: float, *, name: str = "errors") -> Figure:
    """Return bars of counts in slots of one length, the first of which begins at ``since``; times are UTC."""
    from plotly.graph_objects import Bar, Figure

    slot = timedelta(seconds=slot_seconds)
    starts = [f"{since + number * slot:%Y-%m-%d %H:%M:%S}" for number in range(len(counts))]
    milliseconds = 1000 * slot_seconds
    bars = Bar(
        x=starts,
        y=list(counts),
        name=name,
        width=0.9 * milliseconds,
        offset=0.05 * milliseconds,  # a slot stands right of its start
        hovertemplate=f"%{{x|%Y-%m-%d %H:%M}}<br>%{{y}} {name}<extra></extra>",
    )
    figure = Figure(bars)
    figure.update_xaxes(title="time (UTC)", type="date", showgrid=False)
    figure.update_yaxes(title=name, rangemode="tozero", tickformat=",d")
    return figure
