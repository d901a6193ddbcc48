"""What the runs of an agent came to, counted from what is kept of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ...core.frozen import FrozenDict
from .entry import PAID, Entry


@dataclass(frozen=True, slots=True)
class AgentStatistics:
    """Sum up requests to one agent; a mean or rate of nothing is None."""

    requests: int = 0
    active: int = 0
    by_state: Mapping[str, int] = field(default_factory=FrozenDict)
    success_rate: float | None = None
    """Completed runs among those that ended, 0 to 1."""
    mean_seconds: float | None = None
    """From request to end, of runs that ended."""
    mean_confidence: float | None = None
    pull_requests: int = 0
    by_fate: Mapping[str, int] = field(default_factory=FrozenDict)
    """Pull requests by what became of them last; ``open`` where nothing was reported."""
    today: int = 0
    """Runs of this day that count for the budget."""
    refused: Mapping[str, int] = field(default_factory=FrozenDict)
    """Requests of this process that were refused, by reason."""


def sum_up(entries: Iterable[Entry], refused: Mapping[str, int], now: datetime) -> AgentStatistics:
    """Return the statistics of these entries."""
    known = list(entries)
    ended = [entry for entry in known if entry.state in ("completed", "failed", "cancelled")]
    seconds = [(entry.ended - entry.started).total_seconds() for entry in ended if entry.ended is not None]
    return AgentStatistics(
        requests=len(known),
        active=sum(entry.active for entry in known),
        by_state=FrozenDict(Counter(entry.state for entry in known)),
        success_rate=_mean([float(entry.state == "completed") for entry in ended]),
        mean_seconds=_mean(seconds),
        mean_confidence=_mean([entry.confidence for entry in known]),
        pull_requests=sum(len(entry.pull_requests) for entry in known),
        by_fate=FrozenDict(Counter(_last_fate(entry, url) for entry in known for url in entry.pull_requests)),
        today=sum(entry.started.date() == now.date() and entry.state in PAID for entry in known),
        refused=FrozenDict(refused),
    )


def _mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _last_fate(entry: Entry, url: str) -> str:
    return next((fate for link, fate in reversed(entry.fates) if link == url), "open")
