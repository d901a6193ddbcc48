"""Write pages: templates in which every text is cleaned and escaped, whoever wrote it."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...core.clock import utc_now
from ...core.markup import clean_line, clean_lines
from ...outcomes import FILTERS
from ...outcomes.filters import SEVERITIES
from ...reports.wording import write_cell, write_span
from ...rules.describing import describe_facts, describe_value
from . import charts
from .place import PREFIX
from .question import WINDOWS

if TYPE_CHECKING:
    from jinja2 import Environment

_FOLDER = Path(__file__).parent
_SHORT_CHARS = 160
UNKNOWN = "\u2013"
"""A dash, for what is not known."""


def render(template: str, **values: Any) -> str:
    """Return a page."""
    return _environment().get_template(template).render(values)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_clean,
        auto_reload=False,
    )
    environment.filters.update(
        cell=write_cell,
        count=_write_count,
        facts=describe_facts,
        iso=_write_iso,
        line=clean_line,
        moment=write_moment,
        share=_write_share,
        short=_shorten,
        span=_write_span,
        value=describe_value,
    )
    environment.globals.update(
        columns=charts.draw_columns,
        curve=charts.draw_curve,
        interval=charts.draw_interval,
        static=_name_static,
        FILTERS=FILTERS,
        SEVERITIES=SEVERITIES,
        WINDOWS=WINDOWS,
    )
    return environment


def write_moment(time: datetime | None) -> str:
    """Return a time in UTC to the minute, of this year without the year."""
    if time is None:
        return UNKNOWN
    there = _to_utc(time)
    return f"{there:%d %b %H:%M}" if there.year == utc_now().year else f"{there:%Y-%m-%d %H:%M}"


def _clean(value: Any) -> Any:
    """Return what may stand in a page: texts without anything that acts or is not seen; None as a dash."""
    if value is None:
        return UNKNOWN
    return clean_lines(value) if type(value) is str else value


def _shorten(text: str | None, limit: int = _SHORT_CHARS) -> str:
    return clean_line(text or "", limit)


def _to_utc(time: datetime) -> datetime:
    return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)


def _write_iso(time: datetime) -> str:
    return _to_utc(time).isoformat(timespec="seconds")


def _write_count(value: float | None) -> str:
    return UNKNOWN if value is None else f"{value:,}".replace(",", "\u202f")


def _write_share(value: float | None) -> str:
    """Return a share in percent, with a digit more where it is nearly none or nearly all; never rounded up to all."""
    if value is None:
        return UNKNOWN
    percent = 100 * value
    if 0 < percent < 1 or 99 < percent < 100:
        return f"{min(max(percent, 0.1), 99.9):.1f} %"
    return f"{percent:.0f} %"


def _write_span(seconds: float | None) -> str:
    return UNKNOWN if seconds is None else write_span(seconds)


@cache
def _name_static(name: str) -> str:
    content = (_FOLDER / "static" / name).read_bytes()
    return f"{PREFIX}/static/{name}?v={hashlib.sha256(content).hexdigest()[:12]}"
