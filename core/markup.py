"""Make text from logs safe within messages: it is input from strangers.

Each function is for one destination, and takes text as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from .escaping import escape_terminal

# Half characters cannot be encoded; separators break lines where nobody expects it; tags are read by machines only.
_UNFIT = re.compile("[\ud800-\udfff\ufffe\uffff\U000e0000-\U000e007f]")
_SEPARATORS = re.compile("[\u2028\u2029]")
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_NOT_IN_LINKS = re.compile(r"[\x00-\x20\x7f-\xa0<>\"'`|\\^{}]|[^\x00-\x7f]")
_MOST_LINK_CHARS = 2000
_TICK = "\u02cb"
"""Looks like a backtick and closes no code."""
_JOINT = "\u200b"
"""Takes no room, and keeps what stands around it from being read as one word."""


def clean_lines(text: str) -> str:
    """Return ``text`` without anything that acts, that cannot be encoded, or that is not seen; lines stay lines."""
    return _UNFIT.sub("\ufffd", _SEPARATORS.sub("\n", escape_terminal(text)))


def clean_line(text: str, limit: int = 1000) -> str:
    """Return ``text`` as one line of at most ``limit`` characters, likewise; for headers, titles and names."""
    # What is cut off anyway need not be cleaned; sequences that are dropped may be long.
    line = " ".join(clean_lines(text[: 8 * limit]).split())
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"


def escape_header(text: str, limit: int = 200) -> str:
    """Return one line for a mail's header, in which no encoded word (RFC 2047) is read: it could hold line ends."""
    return clean_line(text, limit).replace("=?", f"={_JOINT}?")


def escape_slack(text: str, limit: int = 1000) -> str:
    """Return one line for Slack's mrkdwn in which nothing is a mention, a link or an entity."""
    line = _shorten(clean_line(text, limit), limit, _escape_entities)
    return line.replace("@", f"@{_JOINT}").replace("://", f":{_JOINT}//")


def quote_slack(text: str, limit: int = 1000) -> str:
    """Return one line as a piece of code for Slack's mrkdwn, in which nothing is formatted either."""
    line = _shorten(clean_line(text, limit), limit, _escape_code)
    return f"`{line}`" if line else "-"


def fence_slack(text: str, limit: int = 2900) -> str:
    """Return lines as a block of code for Slack's mrkdwn of at most ``limit`` characters; empty for blank text."""
    lines = _shorten(clean_lines(text[: 8 * limit]).strip("\n"), limit - len("```\n\n```"), _escape_code)
    return f"```\n{lines}\n```" if lines.strip() else ""


def escape_markdown(text: str, limit: int = 1000) -> str:
    """Return one line for Markdown in which no character has a meaning (CommonMark 2.4)."""
    return _PUNCTUATION.sub(r"\\\1", clean_line(text, limit))


def fence_markdown(text: str, limit: int = 20_000) -> str:
    """Return lines as a block of code for Markdown, with a fence that they do not hold; empty for blank text."""
    lines = clean_lines(text[: 8 * limit]).strip("\n")[:limit]
    if not lines.strip():
        return ""
    longest = max((len(run) for run in re.findall("`+", lines)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{lines}\n{fence}"


def check_link(url: str | None) -> str | None:
    """Return ``url`` where it is a plain web address that can be shown as a link, otherwise None.

    Plain is: http or https, a host, no user, and no character that means something where links are written.
    """
    if not url or len(url) > _MOST_LINK_CHARS or _NOT_IN_LINKS.search(url):
        return None
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - raises for one that is no number
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc else None


def link_slack(url: str, label: str) -> str:
    """Return a link for Slack's mrkdwn; ``url`` is one that ``check_link`` returned, the label is ours."""
    return f"<{_escape_entities(url)}|{label}>"


def _escape_entities(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _escape_code(text: str) -> str:
    return _escape_entities(text.replace("`", _TICK))


def _shorten(text: str, limit: int, escape: Callable[[str], str]) -> str:
    """Escape ``text`` and shorten it until the result has room; an entity is never cut."""
    escaped = escape(text)
    while len(escaped) > limit:
        text = text[: min(len(text) - 1, len(text) * limit // len(escaped))]
        escaped = f"{escape(text)}…"
    return escaped
