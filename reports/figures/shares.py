"""Shares with what they can tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


@dataclass(frozen=True, slots=True)
class Share:
    """Hold a share, 0 to 1, with its interval of 95 % and how many cases it rests on."""

    name: str
    rate: float
    low: float
    high: float
    count: int


def draw_shares(shares: Sequence[Share], *, what: str, name: str) -> Figure:
    """Return a dot for each share, with a whisker over its interval; ``what`` the names are, ``name`` the share is."""
    from plotly.graph_objects import Figure, Scatter

    dots = Scatter(
        x=[one.rate for one in shares],
        y=[one.name for one in shares],
        name=name,
        mode="markers",
        marker={"size": 10},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [max(one.high - one.rate, 0.0) for one in shares],
            "arrayminus": [max(one.rate - one.low, 0.0) for one in shares],
            "thickness": 2,
            "width": 5,
        },
        customdata=[[one.low, one.high, one.count] for one in shares],
        hovertemplate="%{y}<br>%{x:.0%} (95 %: %{customdata[0]:.0%} to %{customdata[1]:.0%}, "
        "n = %{customdata[2]})<extra></extra>",
    )
    figure = Figure(dots)
    figure.update_xaxes(title=name, range=[-0.02, 1.02], tickformat=".0%")
    figure.update_yaxes(title=what, range=[len(shares) - 0.5, -0.5], type="category", showgrid=False)
    return figure
