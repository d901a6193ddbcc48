"""When in the week failures happen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


def draw_week(week: Sequence[Sequence[int]], weekdays: Sequence[str]) -> Figure:
    """Return a heat map of counts by day of the week, from Monday, and hour of the day in UTC."""
    from plotly.graph_objects import Figure, Heatmap

    hours = [f"{hour:02}:00" for hour in range(24)]
    cells = Heatmap(
        x=hours,
        y=list(weekdays),
        z=[list(row) for row in week],
        colorscale="Blues",
        xgap=1,
        ygap=1,
        zmin=0,
        hovertemplate="%{y} from %{x}<br>%{z} errors<extra></extra>",
        colorbar={"title": {"text": "errors"}},
    )
    figure = Figure(cells)
    figure.update_xaxes(title="hour of the day (UTC)", side="bottom")
    figure.update_yaxes(autorange="reversed")
    return figure
