"""Make a notice fit to be kept and sent: no secrets, no more text than a message takes, values of the right kinds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from ...core.errors import UsageError
from ...core.markup import check_link, clean_line, clean_lines
from ...core.masking import mask_secrets
from .notice import TIMES, Notice
from .notice_checks import check_notice

_READ_CHARS = 16_000
"""Of one text that is looked at."""
_LIMITS = {
    "what": 300,
    "next_step": 500,
    "operation": 120,
    "environment": 60,
    "repository": 200,
    "branch": 200,
    "commit": 64,
    "type": 60,
    "category": 60,
    "fingerprint": 64,
    "failure_id": 64,
    "decision_id": 64,
    "id": 64,
}
_MOST_LINES = {"evidence": 10, "tried": 10}
_LINE_CHARS = 400
_NOTHING = "something failed, and nothing is known of it"


def prepare_notice(notice: Notice) -> Notice:
    """Return the notice with its secrets masked and its texts bounded.

    Raises UsageError for a value that is none of its kind.
    """
    texts: dict[str, Any] = {name: _shorten(getattr(notice, name), limit) for name, limit in _LIMITS.items()}
    lists: dict[str, Any] = {name: _shorten_lines(getattr(notice, name), most) for name, most in _MOST_LINES.items()}
    link = check_link(notice.link)
    times: dict[str, Any] = {name: _use_utc(name, getattr(notice, name)) for name in TIMES}
    prepared = replace(
        notice,
        **texts | {"what": texts["what"] or _NOTHING},
        **lists,
        **times,
        # An address that holds a secret would no longer lead anywhere once it is masked.
        link=link if link and mask_secrets(link) == link else None,
    )
    check_notice(prepared)
    if Notice.from_dict(prepared.to_dict()) != prepared:
        raise UsageError("a notice holds a value that cannot be kept; texts, numbers and times can")
    return prepared


def shorten_notice(notice: Notice) -> Notice:
    """Return the notice without what a line of a digest does not show."""
    return replace(notice, evidence=(), tried=(), next_step=None)


def _use_utc(name: str, moment: Any) -> Any:
    """Return a moment as the same one in UTC; what is none is left for the check to name."""
    if not isinstance(moment, datetime) or moment.utcoffset() is None:
        return moment
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise UsageError(f"{name}: it is outside of the years 1 to 9999 in UTC") from error


def _shorten(text: str | None, limit: int) -> str | None:
    return None if text is None else clean_line(_mask(text), limit)


def _shorten_lines(lines: tuple[str, ...], most: int) -> tuple[str, ...]:
    masked = (_mask(line).rstrip()[:_LINE_CHARS] for line in lines[: 4 * most])
    return tuple(line for line in masked if line.strip())[:most]


def _mask(text: str) -> str:
    """Mask as much of a text as is looked at; a word that is cut in two there might be half a secret."""
    text = str(text)
    if len(text) > _READ_CHARS:
        text = text[:_READ_CHARS]
        text = text[: max(text.rfind(" "), text.rfind("\n"), 0)] or text
    return mask_secrets(clean_lines(text))  # in this order: what is cleaned away may stand within a secret
