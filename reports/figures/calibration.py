"""How sure against how right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..intervals import share_interval

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


@dataclass(frozen=True, slots=True)
class Bin:
    """Hold decisions of like confidence."""

    count: int
    correct: int
    mean_confidence: float


def draw_calibration(bins: Sequence[Bin]) -> Figure:
    """Return a dot for each bin with cases, with Wilson's interval, and the line on which confidence is accuracy."""
    from plotly.graph_objects import Figure, Scatter

    filled = [one for one in bins if one.count]
    rates = [one.correct / one.count for one in filled]
    ends = [share_interval(one.correct, one.count) for one in filled]
    dots = Scatter(
        x=[one.mean_confidence for one in filled],
        y=rates,
        name="decisions",
        mode="markers",
        marker={"size": 11},
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [(high or rate) - rate for (_, high), rate in zip(ends, rates, strict=True)],
            "arrayminus": [rate - (low or 0.0) for (low, _), rate in zip(ends, rates, strict=True)],
            "thickness": 2,
            "width": 5,
        },
        customdata=[one.count for one in filled],
        hovertemplate="confidence %{x:.0%}<br>right %{y:.0%}, n = %{customdata}<extra></extra>",
    )
    ideal = Scatter(
        x=[0, 1], y=[0, 1], name="as right as sure", mode="lines", line={"dash": "dash", "width": 2}, hoverinfo="skip"
    )
    figure = Figure([dots, ideal])
    figure.update_xaxes(title="mean confidence", range=[-0.02, 1.02], tickformat=".0%")
    figure.update_yaxes(title="share that was right", range=[-0.02, 1.05], tickformat=".0%")
    return figure
