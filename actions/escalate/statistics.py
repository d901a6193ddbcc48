"""What escalations came to, counted from how they stand now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ...core.frozen import FrozenDict
from .escalation import Escalation


@dataclass(frozen=True, slots=True)
class EscalationStatistics:
    """Sum up escalations; a mean or rate of nothing is None."""

    total: int = 0
    open: int = 0
    executing: int = 0
    by_status: Mapping[str, int] = field(default_factory=FrozenDict)
    by_target: Mapping[str, int] = field(default_factory=FrozenDict)
    by_priority: Mapping[str, int] = field(default_factory=FrozenDict)
    success_rate: float | None = None
    """Successes among those that were carried out to an end, 0 to 1."""
    mean_seconds: float | None = None
    """From the request to that end."""
    mean_acknowledge_seconds: float | None = None
    repeats: int = 0
    """Requests that came while the same was open."""
    breaches: int = 0
    """Deadlines that were missed and told of."""
    refused: Mapping[str, int] = field(default_factory=FrozenDict)
    """Requests of this process that began nothing, by reason."""


def sum_up(escalations: Iterable[Escalation], refused: Mapping[str, int]) -> EscalationStatistics:
    """Return the statistics of these escalations."""
    known = list(escalations)
    ended = [one for one in known if one.ended is not None]
    taken_up = [(one.acknowledged - one.created).total_seconds() for one in known if one.acknowledged is not None]
    return EscalationStatistics(
        total=len(known),
        open=sum(one.open for one in known),
        executing=sum(one.status == "executing" for one in known),
        by_status=FrozenDict(Counter(one.status for one in known)),
        by_target=FrozenDict(Counter(one.target for one in known)),
        by_priority=FrozenDict(Counter(one.priority for one in known)),
        success_rate=_mean([float(one.result is not None and one.result.success) for one in ended]),
        mean_seconds=_mean([(one.ended - one.created).total_seconds() for one in ended if one.ended is not None]),
        mean_acknowledge_seconds=_mean(taken_up),
        repeats=sum(one.repeats for one in known),
        breaches=sum(len(one.breaches) for one in known),
        refused=FrozenDict(refused),
    )


def _mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None
