"""The chart of how long it takes to recover."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

Values = Sequence[float | None]
_TICKS = {
    "1 s": 1, "10 s": 10, "1 min": 60, "10 min": 600, "1 h": 3600, "6 h": 21_600, "1 d": 86_400, "1 w": 604_800,
    "4 w": 2_419_200,
}  # fmt: skip
"""Recoveries take from seconds to weeks: the axis is logarithmic."""


def draw_recovery_curve(seconds: Sequence[float], shares: Sequence[float], lows: Values, highs: Values) -> Figure:
    """Return the share of incidents that last longer than a time, as steps from all of them on, with its interval.

    ``seconds``: the times, in order; ``shares`` and the ends of their intervals, 0 to 1, belong to them.
    """
    from plotly.graph_objects import Figure, Scatter

    start = min((moment for moment in seconds if moment > 0), default=1.0) / 2
    times = [start, *(max(moment, start) for moment in seconds)]

    def draw(name: str, values: Values, **line: Any) -> Scatter:
        return Scatter(x=times, y=[1.0, *values], name=name, mode="lines", line={"shape": "hv", **line})

    lines = [
        draw("at least", lows, dash="dot", width=1),
        draw("at most", highs, dash="dot", width=1),
        draw("still down", shares, width=2),
    ]
    layout = {
        "xaxis": {
            "type": "log",
            "title": {"text": "time since the first failure"},
            "tickvals": list(_TICKS.values()),
            "ticktext": list(_TICKS),
        },
        "yaxis": {"range": [0, 1.02], "tickformat": ".0%"},
    }
    return Figure(lines, layout)
