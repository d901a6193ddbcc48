"""Draw the chart of a section."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..sections import Chart
from .looks import style

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


def draw_chart(chart: Chart, *, height: int | None = None) -> Figure:
    """Return the figure of a chart as pages and notebooks show it."""
    return style(chart.draw(), height=height)
