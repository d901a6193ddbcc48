"""What a delivery says: one notice with its repeats, or a digest of many topics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from ...core.mail import MailDelivery, MailEntry
from .channel import Delivered, Dispatch
from .notice import PRIORITIES, Digest, DigestLine, Notice, read_moment
from .notice_checks import FAULTS, parse_notice

DIGEST_TOPICS = 60
"""Topics that one digest names at most, so that Slack takes it; the next digest names the others."""


@dataclass(frozen=True, slots=True)
class Composed:
    """Hold a delivery's document and the entries that it tells; ``primary`` goes by itself, the others are named."""

    document: Mapping[str, Any]
    entries: tuple[MailEntry, ...]

    @property
    def topics(self) -> tuple[str, ...]:
        """Topics that it tells, each once."""
        return tuple(dict.fromkeys(entry.topic for entry in self.entries))


def compose_notice(entry: MailEntry, repeats: Sequence[MailEntry]) -> Composed:
    """Return one notice, with others of its topic that it tells along."""
    document = {"notice": dict(entry.document), "primary": entry.id, "topic": entry.topic, "repeats": len(repeats)}
    return Composed(document, (entry, *repeats))


def compose_digest(entries: Sequence[MailEntry]) -> Composed:
    """Return a digest of the first topics of gathered entries; a single notice is told in full instead."""
    if len(entries) == 1:
        return compose_notice(entries[0], ())
    groups = _group(entries)[:DIGEST_TOPICS]
    told = [entry for group in groups for entry in group]
    times = [entry.queued_at for entry in told]
    digest = Digest(
        tuple(_summarise(group) for group in groups),
        priority=told[0].priority,
        since=read_moment(min(times)),
        until=read_moment(max(times)),
    )
    return Composed({"digest": digest.to_dict()}, tuple(told))


def compose_topic(entries: Sequence[MailEntry]) -> Composed:
    """Return the last notice of the first topic of gathered entries, for a channel that takes no digests."""
    *others, last = _group(entries)[0]
    return compose_notice(last, others)


def read_dispatch(delivery: MailDelivery, reference: str | None) -> Dispatch | Delivered:
    """Return what a channel is to send; a refusal where it cannot be read, now or later."""
    document = delivery.document
    content = _read_content(document)
    if content is None:
        return Delivered("refused", "the message is damaged in the inbox, or of a version that this one cannot read")
    return Dispatch(
        key=delivery.id,
        content=content,
        repeats=document.get("repeats", 0),
        reference=reference,
        again=delivery.attempts > 1,
    )


def _read_content(document: Mapping[str, Any]) -> Notice | Digest | None:
    try:
        if "digest" in document:
            return Digest.from_dict(document["digest"])
        return parse_notice(document["notice"])
    except FAULTS:
        return None


def _group(entries: Sequence[MailEntry]) -> list[list[MailEntry]]:
    groups: dict[str, list[MailEntry]] = {}
    for entry in entries:
        groups.setdefault(entry.topic, []).append(entry)
    return list(groups.values())


def _summarise(group: Sequence[MailEntry]) -> DigestLine:
    notices = [Notice.from_dict(entry.document) for entry in group]
    last = notices[-1]
    kinds = [notice.kind for notice in notices]
    return DigestLine(
        what=last.what,
        kind=last.kind,
        times=len(group),
        changes=sum(one != other for one, other in pairwise(kinds)),
        priority=min((notice.priority for notice in notices), key=PRIORITIES.index),
        first=min(notice.time for notice in notices),
        last=max(notice.time for notice in notices),
        **{name: getattr(last, name) for name in ("type", "operation", "environment", "fingerprint", "link")},
    )


def merge_counts(composed: Composed) -> Composed:
    """Return it with the notice's count no lower than what it tells."""
    notice = composed.document.get("notice")
    if notice is None:
        return composed
    count = max(notice.get("count", 1), len(composed.entries))
    return replace(composed, document={**composed.document, "notice": {**notice, "count": count}})
