"""Reports as a page of HTML: one file that needs nothing else, and runs nothing."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...core.errors import UsageError
from ...core.markup import clean_line
from ..report import Report
from ..sections import Cell, Series, Unit
from ..wording import write_cell, write_figure, write_time

if TYPE_CHECKING:
    from jinja2 import Template

_HEIGHT = 60


def render_page(report: Report, template: str | None = None) -> str:
    """Return a whole document; every value is escaped by the template engine.

    ``template`` is the text of a Jinja template that takes the place of ours, with the same variables: ``report`` and
    the filters ``cell``, ``figure``, ``time`` and ``bars``. It runs in Jinja's sandbox. Raises UsageError for one that
    cannot be used.
    """
    if template is None:
        return _load_template().render(report=report) + "\n"
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
    environment.filters.update(cell=_write, figure=write_figure, time=write_time, bars=_draw)
    return environment


def _write(value: Cell, unit: Unit = "") -> str:
    return clean_line(write_cell(value, unit))


def _draw(series: Series) -> Mapping[str, Any]:
    """Return the bars of a series: places and heights in a box of one unit per slot."""
    top = max(series.values, default=0)
    heights = [round(_HEIGHT * value / top, 2) if top else 0 for value in series.values]
    bars = [(number, round(_HEIGHT - height, 2), height) for number, height in enumerate(heights) if height]
    return {"width": max(len(series.values), 1), "height": _HEIGHT, "top": top, "bars": bars}
