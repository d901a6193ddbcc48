"""The chart of how long it takes to recover."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

Values = Sequence[float | None]


def draw_recovery_curve(seconds: Sequence[float], shares: Sequence[float], lows: Values, highs: Values) -> Figure:
    """Return the share of incidents that last longer than a time, as steps from all of them on, with its interval."""
    from plotly.graph_objects import Figure, Scatter

    def draw(name: str, values: Values, **line: Any) -> Scatter:
        minutes = [0.0, *(moment / 60 for moment in seconds)]
        return Scatter(x=minutes, y=[1.0, *values], name=name, mode="lines", line={"shape": "hv", **line})

    lines = [
        draw("at least", lows, dash="dot", width=1),
        draw("at most", highs, dash="dot", width=1),
        draw("still down", shares, width=2),
    ]
    layout = {
        "xaxis": {"title": {"text": "minutes"}, "rangemode": "tozero"},
        "yaxis": {"range": [0, 1.02], "tickformat": ".0%"},
    }
    return Figure(lines, layout)
