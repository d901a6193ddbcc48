"""Reports as a page of HTML: one file that needs nothing else, and runs nothing but what draws its charts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...core.errors import UsageError
from ...core.markup import clean_line
from ..report import Report
from ..sections import Cell, Series, Unit
from ..wording import write_basis, write_cell, write_figure, write_time
from .page_charts import PageCharts, draw_charts

if TYPE_CHECKING:
    from jinja2 import Template

_HEIGHT = 60
_LONG_WORD = 20


def render_page(report: Report, template: str | None = None, *, include_charts: bool = True) -> str:
    """Return a whole document; every value is escaped by the template engine.

    Charts, where the report has any, bring the script that draws them along, 5 MB; ``include_charts=False`` leaves them
    out. ``template`` is the text of a Jinja template that takes the place of ours, with the same variables: ``report``
    and the filters ``bars``, ``basis``, ``cell``, ``figure`` and ``time``. It runs in Jinja's sandbox, and has no
    charts. Raises UsageError for one that cannot be used.
    """
    if template is None:
        charts = draw_charts(report) if include_charts else PageCharts()
        return _load_template().render(report=report, charts=charts) + "\n"
    try:
        return str(_make_environment().from_string(template).render(report=report)) + "\n"
    except Exception as error:
        raise UsageError(f"the template cannot be used: {error}") from error


@cache
def _load_template() -> Template:
    source = Path(__file__).with_name("report.html").read_text(encoding="utf-8")
    found: Template = _make_environment().from_string(source)
    return found


def _make_environment() -> Any:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(
        bars=_draw, basis=write_basis, cell=_write, figure=write_figure, is_long=_is_long, time=write_time
    )
    return environment


def _write(value: Cell, unit: Unit = "") -> str:
    return clean_line(write_cell(value, unit))


def _is_long(text: str) -> bool:
    """Tell whether a text has a word that would stretch its column: such are broken anywhere, others not at all."""
    return any(len(word) > _LONG_WORD for word in text.split())


def _draw(series: Series) -> Mapping[str, Any]:
    """Return the bars of a series: places and heights in a box of one unit per slot."""
    top = max(series.values, default=0)
    heights = [round(_HEIGHT * value / top, 2) if top else 0 for value in series.values]
    bars = [(number, round(_HEIGHT - height, 2), height) for number, height in enumerate(heights) if height]
    return {"width": max(len(series.values), 1), "height": _HEIGHT, "top": top, "bars": bars}
