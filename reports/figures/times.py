"""Time that was lost and saved, by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


@dataclass(frozen=True, slots=True)
class Spent:
    """Hold the seconds that one cause or type cost, in parts that do not overlap."""

    name: str
    lost: float
    """First calls that failed."""
    in_vain: float
    """Re-runs that failed too."""
    saved: float
    """Re-runs that succeeded."""


def draw_times(spent: Sequence[Spent], *, what: str) -> Figure:
    """Return two bars in minutes for each: what was lost, in its two parts, and what re-runs saved."""
    from plotly.graph_objects import Bar, Figure

    names = [one.name for one in spent]
    parts = (
        ("first calls that failed", "lost", [one.lost for one in spent]),
        ("re-runs that failed too", "lost", [one.in_vain for one in spent]),
        ("re-runs that helped", "saved", [one.saved for one in spent]),
    )
    figure = Figure(
        [
            Bar(
                x=[round(value / 60, 3) for value in seconds],
                y=names,
                name=name,
                offsetgroup=side,
                orientation="h",
                hovertemplate=f"%{{y}}<br>{name}: %{{x:.1f}} min<extra></extra>",
            )
            for name, side, seconds in parts
        ]
    )
    figure.update_layout(barmode="stack")
    figure.update_xaxes(title="minutes", rangemode="tozero")
    figure.update_yaxes(title=what, autorange="reversed", type="category", showgrid=False)
    return figure
