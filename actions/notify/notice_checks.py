"""What makes a notice one that can be kept and sent."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from ...core.errors import UsageError
from .notice import KINDS, PRIORITIES, TIMES, Notice

_MOST_SEEN = 10**15
_NO_TEXTS = ("confidence", "count", "evidence", "tried", *TIMES)
FAULTS = (AttributeError, KeyError, OverflowError, TypeError, ValueError, UsageError)
"""What reading a document raises that somebody else wrote, or that is damaged."""


def check_notice(notice: Notice) -> None:
    """Raise UsageError, naming the field, for a value that is none of its kind."""
    if notice.kind not in KINDS:
        raise UsageError(f"kind: a notice is one of {', '.join(KINDS)}, not {notice.kind!r}")
    if notice.ends not in KINDS:
        raise UsageError(f"ends: a notice is one of {', '.join(KINDS)}, not {notice.ends!r}")
    if notice.priority not in PRIORITIES:
        raise UsageError(f"priority: one of {', '.join(PRIORITIES)}, not {notice.priority!r}")
    if notice.severity is not None and notice.severity not in PRIORITIES:
        raise UsageError(f"severity: one of {', '.join(PRIORITIES)}, or None")
    if not notice.id:
        raise UsageError("id: a notice needs one; leave it out to get one")
    _check_numbers(notice)
    _check_times(notice)
    _check_texts(notice)


def parse_notice(document: Mapping[str, Any]) -> Notice | None:
    """Return the notice of ``to_dict``; None where it is damaged, or was never fit to be sent."""
    try:
        notice = Notice.from_dict(document)
        check_notice(notice)
    except FAULTS:
        return None
    return notice


def _check_numbers(notice: Notice) -> None:
    confidence, count = notice.confidence, notice.count
    if confidence is not None and not (_is_number(confidence) and 0 <= confidence <= 1):
        raise UsageError(f"confidence: a probability is from 0 to 1, not {confidence!r}")
    if not isinstance(count, int) or isinstance(count, bool) or not 1 <= count <= _MOST_SEEN:
        raise UsageError("count: a whole number from 1 on")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)


def _check_times(notice: Notice) -> None:
    for name in TIMES:
        moment = getattr(notice, name)
        if moment is None and name != "time":
            continue
        if not isinstance(moment, datetime) or moment.utcoffset() is None:
            raise UsageError(f"{name}: a datetime with a time zone, such as datetime.now(UTC)")


def _check_texts(notice: Notice) -> None:
    for name in (item.name for item in fields(Notice) if item.name not in _NO_TEXTS):
        text = getattr(notice, name)
        if text is not None and not isinstance(text, str):
            raise UsageError(f"{name}: a text, not {type(text).__name__}")
    if not all(isinstance(line, str) for line in (*notice.evidence, *notice.tried)):
        raise UsageError("evidence, tried: lists of texts")
