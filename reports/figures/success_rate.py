"""The chart of how a share goes over time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

Values = Sequence[float | None]


def draw_success_rate(starts: Sequence[datetime], rates: Values, lows: Values, highs: Values) -> Figure:
    """Return the share of calls that succeeded by slot of time, with its interval; a slot without calls is a gap."""
    from plotly.graph_objects import Figure, Scatter

    reach = {
        "type": "data",
        "symmetric": False,
        "array": _differ(highs, rates),
        "arrayminus": _differ(rates, lows),
        "thickness": 1,
        "width": 0,
    }
    line = Scatter(
        x=list(starts),
        y=list(rates),
        error_y=reach,
        mode="lines+markers",
        name="calls that succeeded",
        connectgaps=False,
    )
    return Figure(line, {"yaxis": {"range": [0, 1.02], "tickformat": ".0%"}, "showlegend": False})


def _differ(one: Values, other: Values) -> list[float | None]:
    return [None if a is None or b is None else a - b for a, b in zip(one, other, strict=True)]
