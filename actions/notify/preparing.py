"""Make a notice fit to be kept and sent: no secrets, no more text than a message takes, values of the right kinds."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from ...core.errors import UsageError
from ...core.markup import check_link, clean_line, clean_lines
from ...core.masking import mask_secrets
from .notice import KINDS, PRIORITIES, Notice

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

    Raises UsageError for a kind, priority or number that is none.
    """
    _check(notice)
    texts: dict[str, Any] = {name: _shorten(getattr(notice, name), limit) for name, limit in _LIMITS.items()}
    lists: dict[str, Any] = {name: _shorten_lines(getattr(notice, name), most) for name, most in _MOST_LINES.items()}
    link = check_link(notice.link)
    return replace(
        notice,
        **texts | {"what": texts["what"] or _NOTHING},
        **lists,
        # An address that holds a secret would no longer lead anywhere once it is masked.
        link=link if link and mask_secrets(link) == link else None,
    )


def shorten_notice(notice: Notice) -> Notice:
    """Return the notice without what a line of a digest does not show."""
    return replace(notice, evidence=(), tried=(), next_step=None)


def _check(notice: Notice) -> None:
    if notice.kind not in KINDS:
        raise UsageError(f"kind: a notice is one of {', '.join(KINDS)}, not {notice.kind!r}")
    if notice.priority not in PRIORITIES:
        raise UsageError(f"priority: one of {', '.join(PRIORITIES)}, not {notice.priority!r}")
    confidence = notice.confidence
    if confidence is not None and not (math.isfinite(confidence) and 0 <= confidence <= 1):
        raise UsageError(f"confidence: a probability is from 0 to 1, not {confidence!r}")
    if not notice.id:
        raise UsageError("id: a notice needs one; leave it out to get one")


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
