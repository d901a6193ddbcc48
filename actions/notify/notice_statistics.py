"""How many notices there are, and what became of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ...core.frozen import FrozenDict
from ...core.mail import WAITING, MailCount
from .receipt import find_status


@dataclass(frozen=True, slots=True)
class NoticeStatistics:
    """Count notices of all processes, one per channel, that the inbox still holds: ended ones for 30 days."""

    total: int = 0
    queued: int = 0
    by_channel: Mapping[str, int] = field(default_factory=FrozenDict)
    by_priority: Mapping[str, int] = field(default_factory=FrozenDict)
    by_status: Mapping[str, int] = field(default_factory=FrozenDict)
    named_in_digests: int = 0
    rate_limit_hits: int = 0
    """Notices that the limit kept from going at once."""
    held: int = 0

    @property
    def success_rate(self) -> float | None:
        """Share of the notices that arrived, of those that arrived or died; None while there are none."""
        sent, failed = self.by_status.get("sent", 0), self.by_status.get("failed", 0)
        return sent / (sent + failed) if sent + failed else None


def sum_up(counts: Iterable[MailCount]) -> NoticeStatistics:
    """Return the statistics of what the inbox counts."""
    rows = list(counts)
    return NoticeStatistics(
        total=sum(row.entries for row in rows),
        queued=sum(row.entries for row in rows if row.state in (*WAITING, "leaving")),
        by_channel=_add((row.channel, row.entries) for row in rows),
        by_priority=_add((row.priority, row.entries) for row in rows),
        by_status=_add((find_status(row.state, row.reason), row.entries) for row in rows),
        named_in_digests=sum(row.entries for row in rows if row.state == "named"),
        rate_limit_hits=sum(row.entries for row in rows if row.reason == "rate_limited"),
        held=sum(row.entries for row in rows if row.state == "held"),
    )


def _add(pairs: Iterable[tuple[str, int]]) -> Mapping[str, int]:
    counts: Counter[str] = Counter()
    for name, number in pairs:
        counts[name] += number
    return FrozenDict(dict(sorted(counts.items())))
