"""Counts by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

MOST_BARS: Final = 12
"""What counts less is one bar together."""


def draw_counts(counts: Mapping[str, int], *, what: str, name: str = "errors") -> Figure:
    """Return a bar for each name, the longest on top; ``what`` the names are, such as ``type``."""
    from plotly.graph_objects import Bar, Figure

    bars = _gather(counts)
    figure = Figure(
        Bar(
            x=list(bars.values()),
            y=list(bars),
            name=name,
            orientation="h",
            text=[str(count) for count in bars.values()],
            textposition="auto",
            hovertemplate=f"%{{y}}<br>%{{x}} {name}<extra></extra>",
        )
    )
    figure.update_xaxes(title=name, rangemode="tozero", tickformat=",d")
    figure.update_yaxes(title=what, autorange="reversed", type="category", showgrid=False)
    return figure


def _gather(counts: Mapping[str, int]) -> dict[str, int]:
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    if len(ranked) <= MOST_BARS:
        return dict(ranked)
    shown, others = ranked[: MOST_BARS - 1], ranked[MOST_BARS - 1 :]
    return {**dict(shown), f"{len(others)} others": sum(count for _, count in others)}
