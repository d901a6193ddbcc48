"""Messages as each destination reads them."""

from __future__ import annotations

from .mail_page import render_html
from .markdown_text import render_markdown
from .page import Page, make_page
from .plain_text import render_plain, render_title
from .slack_message import render_slack

__all__ = ["Page", "make_page", "render_html", "render_markdown", "render_plain", "render_slack", "render_title"]
