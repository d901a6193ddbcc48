"""Charts, each drawn once for reports, dashboards and notebooks: one module a chart.

Each takes plain values or data of a report and returns a figure of plotly, which is imported only then. ``style`` gives
all of them their looks.

The names below are imported on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.lazy import import_lazily

if TYPE_CHECKING:
    from .calibration import Bin, draw_calibration
    from .counts import draw_counts
    from .drawing import draw_chart
    from .looks import THEMES, Theme, make_template, style
    from .shares import Share, draw_shares
    from .timeline import draw_timeline
    from .times import Spent, draw_times

__all__ = [
    "THEMES",
    "Bin",
    "Share",
    "Spent",
    "Theme",
    "draw_calibration",
    "draw_chart",
    "draw_counts",
    "draw_shares",
    "draw_timeline",
    "draw_times",
    "make_template",
    "style",
]

_HOMES = {
    "calibration": ("Bin", "draw_calibration"),
    "counts": ("draw_counts",),
    "drawing": ("draw_chart",),
    "shares": ("Share", "draw_shares"),
    "looks": ("THEMES", "Theme", "make_template", "style"),
    "timeline": ("draw_timeline",),
    "times": ("Spent", "draw_times"),
}

if not TYPE_CHECKING:  # a type checker that saw it would take any name for a public one
    __getattr__ = import_lazily(__name__, _HOMES)
