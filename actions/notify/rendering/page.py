"""What a message says, before it is written for any destination: raw text of strangers, in our order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from ....core.markup import check_link
from ..channel import Dispatch
from ..notice import Digest, DigestLine, Notice, NoticeKind

_SHORT_COMMIT = 12
_WORDS: dict[NoticeKind, str] = {
    "failure": "",
    "resolved": "Resolved: ",
    "escalation": "Escalated: ",
    "recovery": "Recovery: ",
    "alert": "Alert: ",
    "report": "Report: ",
    "test": "Test: ",
}
_LOUD = ("critical", "high")
LINE_CHARS = 160
"""Of one line of a digest; sixty of them fit into a message of Slack."""


@dataclass(frozen=True, slots=True)
class Page:
    """Hold the parts of a message; every text may be hostile and is escaped by whoever writes it down."""

    title: str
    facts: tuple[tuple[str, str], ...] = ()
    """Label, which is ours, and value."""
    evidence: tuple[str, ...] = ()
    tried: tuple[str, ...] = ()
    next_step: str | None = None
    lines: tuple[str, ...] = ()
    """Of a digest."""
    link: str | None = None
    """A plain web address."""


def make_page(dispatch: Dispatch) -> Page:
    """Return what a dispatch says."""
    if isinstance(dispatch.content, Digest):
        return _tell_many(dispatch.content)
    return _tell_one(dispatch.content, dispatch.repeats)


def _tell_one(notice: Notice, repeats: int) -> Page:
    loud = f"{notice.priority.upper()}: " if notice.priority in _LOUD and notice.kind != "resolved" else ""
    return Page(
        title=f"{loud}{_WORDS[notice.kind]}{notice.what}",
        facts=tuple((label, value) for label, value in _list_facts(notice, repeats) if value),
        evidence=notice.evidence,
        tried=notice.tried,
        next_step=notice.next_step,
        link=check_link(notice.link),
    )


def _list_facts(notice: Notice, repeats: int) -> list[tuple[str, str | None]]:
    return [
        ("Type", f"{notice.type} ({notice.category})" if notice.type and notice.category else notice.type),
        ("Severity", notice.severity),
        ("Confidence", None if notice.confidence is None else f"{100 * notice.confidence:.0f} %"),
        ("Operation", notice.operation),
        ("Environment", notice.environment),
        ("Repository", notice.repository),
        ("Branch", notice.branch),
        ("Commit", notice.commit and notice.commit[:_SHORT_COMMIT]),
        ("Seen", _tell_count(notice)),
        ("Told along", f"{repeats} more of the same" if repeats else None),
        ("Fingerprint", notice.fingerprint),
    ]


def _tell_count(notice: Notice) -> str | None:
    times = "once" if notice.count == 1 else f"{notice.count} times"
    first = f", first {tell_time(notice.first_seen)}" if notice.first_seen else ""
    last = f", last {tell_time(notice.last_seen)}" if notice.last_seen else ""
    return f"{times}{first}{last}" if first or last or notice.count > 1 else None


def _tell_many(digest: Digest) -> Page:
    kinds = ", ".join(f"{name} {count}" for name, count in digest.count_types().items())
    topics = "1 topic" if len(digest.lines) == 1 else f"{len(digest.lines)} topics"
    return Page(
        title=f"Digest: {digest.total} notices on {topics}",
        facts=(
            ("Priority", digest.priority),
            ("Types", kinds),
            ("Time", f"{tell_time(digest.since)} to {tell_time(digest.until)}"),
        ),
        lines=tuple(_tell_line(line) for line in digest.lines),
    )


def _tell_line(line: DigestLine) -> str:
    notes = [
        f"{line.times} times" if line.times > 1 else "",
        "flapping" if line.changes > 1 else "",
        line.environment or "",
    ]
    told = "; ".join(note for note in notes if note)
    where = f"{line.operation}: " if line.operation else ""
    text = f"{where}{_WORDS[line.kind]}{line.what}"
    room = LINE_CHARS - len(told) - 3
    text = text if len(text) <= room else f"{text[: room - 1]}…"
    return f"{text} ({told})" if told else text


def tell_time(moment: datetime) -> str:
    """Return a moment to the minute, in UTC."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
