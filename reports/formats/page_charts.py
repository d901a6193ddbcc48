"""Charts on a page: their data, the scripts that draw them, and the hashes by which alone scripts run."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...core.frozen import FrozenDict
from ..report import Report
from ..sections import Table

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

_DATA = ("data", "layout")


@dataclass(frozen=True, slots=True)
class PageCharts:
    """Hold what a page with charts needs; nothing of it where there are none."""

    numbers: Mapping[str, Table | None] = FrozenDict()
    """Id of a chart -> what it shows as a table."""
    heights: Mapping[str, int] = FrozenDict()
    """In pixels."""
    document: str = ""
    """JSON for the script, in which nothing ends an element."""
    scripts: tuple[str, ...] = ()

    @property
    def hashes(self) -> str:
        """What the policy of the page lets run."""
        return " ".join(map(_hash, self.scripts))


def draw_charts(report: Report) -> PageCharts:
    """Return the charts of all sections; plotly is only loaded where there are any."""
    charts = [chart for section in report.sections for chart in section.charts]
    if not charts:
        return PageCharts()
    from ..figures import THEMES, make_template, style
    from ..figures.numbers import list_numbers

    drawn = {chart.id: chart.draw() for chart in charts}
    styled = {name: style(figure) for name, figure in drawn.items()}
    document = {
        "charts": [_describe(name, figure) for name, figure in styled.items()],
        "templates": {name: make_template(theme) for name, theme in THEMES.items()},
    }
    return PageCharts(
        FrozenDict({chart.id: list_numbers(drawn[chart.id], chart.title) for chart in charts}),
        FrozenDict({name: figure.layout.height for name, figure in styled.items()}),
        _write(document),
        (_read_plotly(), _read_script()),
    )


def _describe(name: str, figure: Figure) -> dict[str, Any]:
    from plotly.io import to_json

    said = json.loads(to_json(figure, engine="json"))
    said["layout"].pop("template", None)
    return {"id": name, **{part: said[part] for part in _DATA}}


def _write(document: Mapping[str, Any]) -> str:
    return json.dumps(document, sort_keys=True, separators=(",", ":")).replace("<", "\\u003c").replace("&", "\\u0026")


@cache
def _read_plotly() -> str:
    from plotly.offline import get_plotlyjs

    script: str = get_plotlyjs()
    return script


@cache
def _read_script() -> str:
    return Path(__file__).with_name("charts.js").read_text(encoding="utf-8")


@cache
def _hash(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
