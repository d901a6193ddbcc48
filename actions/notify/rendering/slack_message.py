"""Messages for Slack: Block Kit, with every text of a stranger as code or escaped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ....core.markup import clean_line, escape_slack, fence_slack, link_slack, quote_slack
from .page import LINE_CHARS, Page

HEADER_CHARS = 150
BLOCK_CHARS = 3000
"""Limits of Slack, for one header and one text."""
_VALUE_CHARS = 200
_LONG_CHARS = 600
_Block = dict[str, Any]


def render_slack(page: Page) -> dict[str, Any]:
    """Return the body of a post to an incoming webhook."""
    return {
        "text": escape_slack(page.title, 300),  # for the notification on a phone
        "blocks": list(_list_blocks(page)),
        "unfurl_links": False,
        "unfurl_media": False,
    }


def _list_blocks(page: Page) -> Iterator[_Block]:
    header = {"type": "plain_text", "text": clean_line(page.title, HEADER_CHARS) or "-", "emoji": False}
    yield {"type": "header", "text": header}
    if page.facts:
        yield _section("\n".join(f"*{label}:* {quote_slack(value, _VALUE_CHARS)}" for label, value in page.facts))
    evidence = fence_slack("\n".join(page.evidence), BLOCK_CHARS)
    if evidence:
        yield _section(evidence)
    if page.tried:
        tried = [f"• {quote_slack(line, _VALUE_CHARS)}" for line in page.tried]
        yield from _pack(["*Tried:*", *tried])
    if page.next_step:
        yield _section(f"*Next:* {quote_slack(page.next_step, _LONG_CHARS)}")
    yield from _pack([f"• {quote_slack(line, LINE_CHARS)}" for line in page.lines])
    if page.link:
        yield _section(link_slack(page.link, "Open"))


def _pack(lines: Sequence[str]) -> Iterator[_Block]:
    """Yield as few sections as hold all lines."""
    packed = ""
    for line in lines:
        if packed and len(packed) + 1 + len(line) > BLOCK_CHARS:
            yield _section(packed)
            packed = ""
        packed = f"{packed}\n{line}" if packed else line
    if packed:
        yield _section(packed)


def _section(text: str) -> _Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}
