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
    from .recovery_curve import draw_recovery_curve
    from .shares import Share, draw_shares
    from .success_rate import draw_success_rate
    from .timeline import draw_timeline
    from .times import Spent, draw_times
    from .trend import Level, Outlook, draw_trend
    from .week import draw_week

__all__ = [
    "THEMES",
    "Bin",
    "Level",
    "Outlook",
    "Share",
    "Spent",
    "Theme",
    "draw_calibration",
    "draw_chart",
    "draw_counts",
    "draw_recovery_curve",
    "draw_shares",
    "draw_success_rate",
    "draw_timeline",
    "draw_times",
    "draw_trend",
    "draw_week",
    "make_template",
    "style",
]

_HOMES = {
    "calibration": ("Bin", "draw_calibration"),
    "counts": ("draw_counts",),
    "drawing": ("draw_chart",),
    "looks": ("THEMES", "Theme", "make_template", "style"),
    "recovery_curve": ("draw_recovery_curve",),
    "shares": ("Share", "draw_shares"),
    "success_rate": ("draw_success_rate",),
    "timeline": ("draw_timeline",),
    "times": ("Spent", "draw_times"),
    "trend": ("Level", "Outlook", "draw_trend"),
    "week": ("draw_week",),
}

if not TYPE_CHECKING:  # a type checker that saw it would take any name for a public one
    __getattr__ = import_lazily(__name__, _HOMES)
