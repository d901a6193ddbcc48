"""Which failures people were told of, and not yet of their end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ...core.clock import utc_now
from ...core.ids import new_id
from .mail_keeper import MailBox
from .notes import read_topic
from .notice import Notice

_MOST = 10_000
"""Entries that are looked through, the newest first."""
_PLACE = ("operation", "environment", "repository", "branch")


def list_failing(box: MailBox, place: Notice) -> list[Notice]:
    """Return the last notice of each failure at the same place that some channel remembers as failing."""
    last = {
        (entry.channel, entry.topic): entry
        for entry in reversed(box.list_entries(limit=_MOST, newest=True))
        if _is_failure_at(place, entry.document)
    }
    memories = ((entry, read_topic(box, *key)) for key, entry in last.items())
    failing = {entry.topic: entry for entry, memory in memories if memory is not None and memory.failing}
    return [Notice.from_dict(entry.document) for entry in failing.values()]


def end_failure(failure: Notice, *, tried: tuple[str, ...] = (), link: str | None = None) -> Notice:
    """Return the notice that a failure is over."""
    return replace(
        failure,
        what=describe_return(failure.operation, failure.type),
        kind="resolved",
        tried=tried,
        next_step="none",
        link=link,
        id=new_id(),
        time=utc_now(),
    )


def describe_return(operation: str | None, type_name: str | None) -> str:
    """Return one line about what works again, and what had been wrong with it."""
    return f"{operation or 'an operation'} works again" + (f": {type_name}" if type_name else "")


def _is_failure_at(place: Notice, document: Mapping[str, Any]) -> bool:
    same = all(document.get(name) == getattr(place, name) for name in _PLACE)
    return same and document.get("kind") == "failure"
