"""The looks of all charts: colours for light and dark, fonts, margins, and text that nobody can act through."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ...core.frozen import FrozenDict
from ...core.markup import clean_line

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

_FONT = "system-ui, sans-serif"
_OURS = frozenset({"hovertemplate", "texttemplate"})
"""Attributes with words of our own, in which marks of plotly's own may stand."""
_MARK = re.compile(r"<(?!/?(?:br|b|extra)>)")
_LABEL_CHARS = 60
_ROW = 34
"""Pixels for one bar of a horizontal chart."""


@dataclass(frozen=True, slots=True)
class Theme:
    """Hold the colours of one kind of page."""

    ink: str
    faint: str
    line: str
    paper: str
    colours: tuple[str, ...]
    """Of the first trace, the second and so on. Each has a contrast of at least 3:1 to the paper (WCAG 2.2, 1.4.11),
    and they are told apart with each of the three kinds of colour blindness."""
    scale: tuple[str, str]
    """From little to much, where a colour stands for a number."""


THEMES: Final[Mapping[str, Theme]] = FrozenDict(
    {
        "light": Theme(
            ink="#1b1f24",
            faint="#57606a",
            line="#d0d7de",
            paper="#ffffff",
            colours=("#1f5fa8", "#d1570c", "#5c2a6b", "#8a8f98", "#7a1f2b"),
            scale=("#eef3f9", "#1f5fa8"),
        ),
        "dark": Theme(
            ink="#e6edf3",
            faint="#9da7b1",
            line="#3d444d",
            paper="#0d1117",
            colours=("#6cb0ff", "#ff9a4d", "#7a5cf0", "#e8edf2", "#c94f3d"),
            scale=("#161d27", "#6cb0ff"),
        ),
    }
)


def make_template(theme: Theme) -> dict[str, Any]:
    """Return the looks as a template of plotly: what it says holds for all that a figure leaves open."""
    axis = {
        "gridcolor": theme.line,
        "linecolor": theme.line,
        "tickcolor": theme.line,
        "zerolinecolor": theme.faint,
        "automargin": True,
        "ticks": "",
        "title": {"font": {"color": theme.faint, "size": 12}, "standoff": 12},
    }
    return {
        "layout": {
            "font": {"family": _FONT, "size": 13, "color": theme.ink},
            "paper_bgcolor": theme.paper,
            "plot_bgcolor": theme.paper,
            "colorway": list(theme.colours),
            "colorscale": {"sequential": [[0, theme.scale[0]], [1, theme.scale[1]]]},
            "hoverlabel": {
                "bgcolor": theme.paper,
                "bordercolor": theme.line,
                "font": {"color": theme.ink, "family": _FONT},
            },
            "legend": {
                "orientation": "h",
                "traceorder": "normal",
                "x": 0,
                "xanchor": "left",
                "y": 1.02,
                "yanchor": "bottom",
            },
            "xaxis": axis,
            "yaxis": axis,
        }
    }


def style(figure: Figure, *, height: int | None = None) -> Figure:
    """Give a figure its looks and make its text harmless; return it.

    ``height`` is in pixels; without it, it follows from the number of bars. Text that came with the data is cut to 60
    characters a label, and shown as it is: plotly takes ``<b>`` and the like for marks.
    """
    from plotly.graph_objects import Figure

    dressed = Figure(_escape(figure.to_plotly_json(), ""))
    dressed.layout.template = make_template(THEMES["light"])  # in the place of plotly's own, not over it
    dressed.update_layout(
        height=height or choose_height(figure),
        margin={"l": 8, "r": 16, "t": 34 if len(figure.data) > 1 else 12, "b": 8, "pad": 4},
        bargap=0.25,
        dragmode=False,
        showlegend=len(figure.data) > 1,
    )
    return dressed


def choose_height(figure: Figure) -> int:
    """Return a height in pixels: horizontal bars need room each, all else is as high as usual."""
    if figure.layout.yaxis.type != "category":
        return 300
    return 110 + _ROW * len({name for trace in figure.data for name in trace.y})


def _escape(value: Any, key: str) -> Any:
    if isinstance(value, str):
        return _MARK.sub("&lt;", value) if key in _OURS else escape_label(value)
    if isinstance(value, Mapping):
        return {name: _escape(one, name) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_escape(one, key) for one in value]
    return value


def escape_label(text: str) -> str:
    """Return one line in which plotly sees no mark and no entity."""
    return clean_line(text, _LABEL_CHARS).replace("&", "&amp;").replace("<", "&lt;")
