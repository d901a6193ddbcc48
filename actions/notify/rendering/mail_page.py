"""Messages as HTML, for mail: every value is escaped by the template engine."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ....core.markup import clean_line, clean_lines
from .page import Page
from .plain_text import render_title

if TYPE_CHECKING:
    from jinja2 import Template


def render_html(page: Page) -> str:
    """Return a whole document."""
    return _load_template().render(
        title=render_title(page),
        facts=[(label, clean_line(value)) for label, value in page.facts],
        evidence=clean_lines("\n".join(page.evidence)),
        tried=[clean_line(line) for line in page.tried],
        next_step=clean_line(page.next_step or ""),
        lines=[clean_line(line) for line in page.lines],
        link=page.link,
    )


@cache
def _load_template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined)
    return environment.from_string(Path(__file__).with_name("mail.html").read_text(encoding="utf-8"))
