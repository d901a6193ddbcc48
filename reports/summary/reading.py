"""Read what a summary holds."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from ...core.frozen import FrozenDict
from ...outcomes import FigureReader
from ..failure_rows import choose_message
from ..intervals import share_interval
from ..known_span import find_known_from
from ..period import Period
from ..report_type import Question
from .data import (
    ActionEnds,
    Cause,
    RecentFailure,
    RecoveryEnds,
    RecoveryTime,
    ResolutionStats,
    SuccessRate,
    SummaryData,
    Timeline,
)
from .trends import Row, compare_windows, find_total, read_recovery_time

QUERIES = (
    "action_counts",
    "call_counts",
    "cancelled_count",
    "failure_counts",
    "failure_slots",
    "known_span",
    "newest_failures",
    "recovery_reruns",
    "recovery_time",
    "recovery_time_within",
    "retry_counts",
    "top_causes",
)
TOP_CAUSES = 10
RECENT = 10
MOST_SLOTS = 48
_SLOTS = (60, 300, 900, 1800, 3600, 10_800, 21_600, 86_400, 604_800)
_UNDECIDED, _UNNAMED = "undecided", "unnamed"
"""What stands for no type or severity, and for no environment."""


def read_summary(reader: FigureReader, question: Question) -> SummaryData:
    """Return the summary of a window."""
    window = _Window(reader, question.period)
    counts = window.read("failure_counts")
    total = find_total(counts)
    recovery = read_recovery_time(reader, question.period)
    known_from = find_known_from(reader, question.period)
    retries = window.read("retry_counts")
    actions = window.read("action_counts")
    return SummaryData(
        total_errors=total["failures"],
        cancelled=window.read_one("cancelled_count")["cancelled"],
        imported=total["imported"],
        unsure=total["unsure"],
        causes=total["causes"],
        errors_by_type=_count_by("type", counts, _UNDECIDED),
        errors_by_severity=_count_by("severity", counts, _UNDECIDED),
        errors_by_environment=_count_by("environment", counts, _UNNAMED),
        resolution_stats=_read_resolutions(total),
        recovery_time=describe_recovery(recovery),
        trends=compare_windows(reader, question.period, total, recovery, known_from),
        calls=None if {"type", "severity"} & set(question.filters) else _read_calls(window),
        retries=_rate(next((row for row in retries if row["dimension"] == "all"), {})),
        retries_by_type=FrozenDict(
            {row["value"] or _UNDECIDED: _rate(row) for row in retries if row["dimension"] == "type"}
        ),
        recoveries=_read_recoveries(actions, window.read("recovery_reruns")),
        resets=tuple(_ends(row) for row in actions if row["kind"] == "reset"),
        escalations=tuple(_ends(row) for row in actions if row["kind"] == "escalate"),
        top_causes=tuple(map(_cause, window.read("top_causes", size=TOP_CAUSES))),
        recent=tuple(map(_recent, window.read("newest_failures", size=RECENT))),
        timeline=_read_timeline(window),
        known_from=known_from,
    )


class _Window:
    """Read the figures of one window."""

    def __init__(self, reader: FigureReader, period: Period) -> None:
        self._reader = reader
        self.period = period

    def read(self, name: str, **parameters: Any) -> list[dict[str, Any]]:
        return self._reader.read(name, self.period.since, self.period.until, **parameters)

    def read_one(self, name: str) -> Row:
        (row,) = self.read(name)
        return row


def _count_by(dimension: str, counts: Iterable[Row], absent: str) -> Mapping[str, int]:
    return FrozenDict({row["value"] or absent: row["failures"] for row in counts if row["dimension"] == dimension})


def _read_resolutions(total: Row) -> ResolutionStats:
    return ResolutionStats(
        resolved=total["resolved"],
        given_up=total["given_up"],
        pending=total["pending"],
        escalated=total["escalated"],
        timed=total["timed_resolutions"],
        average_resolution_seconds=round_seconds(total["mean_resolution_seconds"]),
    )


def describe_recovery(row: Row) -> RecoveryTime:
    """Return the time to recovery that a row of ``mttr`` tells; of an empty row, that of no incident."""
    return RecoveryTime(
        incidents=row.get("incidents", 0),
        recovered=row.get("recovered", 0),
        open=row.get("censored", 0),
        untimed=row.get("untimed", 0),
        mean_seconds=find_mean_recovery(row),
        median_seconds=round_seconds(row.get("median_seconds")),
        horizon_seconds=round_seconds(row.get("horizon_seconds")),
    )


def find_mean_recovery(row: Row) -> float | None:
    """Return the mean time to recovery; None where of nothing it is known when it recovered: 0 would be made up."""
    known = row.get("recovered", 0) - row.get("untimed", 0)
    return round_seconds(row["mean_seconds"]) if known else None


def _read_calls(window: _Window) -> SuccessRate:
    row = window.read_one("call_counts")
    return make_rate(row["calls"], row["successes"])


def _rate(row: Row) -> SuccessRate:
    return make_rate(row.get("retries", 0), row.get("successes", 0))


def make_rate(tries: int, successes: int) -> SuccessRate:
    """Return a share with its interval."""
    low, high = share_interval(successes, tries)
    return SuccessRate(tries, successes, _round(successes / tries) if tries else None, _round(low), _round(high))


def _read_recoveries(actions: Iterable[Row], reruns: Iterable[Row]) -> tuple[RecoveryEnds, ...]:
    """Join runs with the calls that followed: of either there may be none that is known."""
    rates = {row["name"]: make_rate(row["reruns"], row["successes"]) for row in reruns}
    ends = {row["name"]: _ends(row) for row in actions if row["kind"] == "recover"}
    names = (*ends, *(name for name in rates if name not in ends))
    return tuple(
        _join_ends(ends.get(name, ActionEnds(name, 0, 0, 0, 0)), rates.get(name, make_rate(0, 0))) for name in names
    )


def _join_ends(ends: ActionEnds, reruns: SuccessRate) -> RecoveryEnds:
    return RecoveryEnds(ends.name, ends.success, ends.partial, ends.failed, ends.skipped, reruns)


def _ends(row: Row) -> ActionEnds:
    return ActionEnds(row["name"], row["success"], row["partial"], row["failed"], row["skipped"])


def _cause(row: Row) -> Cause:
    return Cause(
        fingerprint=row["fingerprint"],
        count=row["failures"],
        last_seen=row["last_seen"],
        first_seen=row["first_seen"],
        is_new=row["is_new"],
        type=row["type"] or _UNDECIDED,
        severity=row["severity"] or _UNDECIDED,
        operation=row["operation"],
        tool=row["tool"],
        message=choose_message(row),
    )


def _recent(row: Row) -> RecentFailure:
    return RecentFailure(
        time=row["occurred_at"],
        type=row["type"] or _UNDECIDED,
        severity=row["severity"] or _UNDECIDED,
        environment=row["environment"],
        operation=row["operation"],
        state="resolved" if row["resolved"] else "given up" if row["settled"] else "pending",
        escalated=row["escalated"],
        message=choose_message(row),
    )


def _read_timeline(window: _Window) -> Timeline:
    seconds = int(window.period.length.total_seconds())
    slot = choose_slot(seconds)
    found = {row["slot"]: row["failures"] for row in window.read("failure_slots", seconds=slot)}
    return Timeline(slot, tuple(found.get(number, 0) for number in range(math.ceil(seconds / slot))))


def choose_slot(seconds: int) -> int:
    """Return the length of a slot in seconds, so that a window of ``seconds`` has 48 at most."""
    return next((slot for slot in _SLOTS if seconds / slot <= MOST_SLOTS), math.ceil(seconds / MOST_SLOTS))


def round_seconds(seconds: float | None) -> float | None:
    """Return a duration to the millisecond: the last digits of a sum depend on the order of its parts."""
    return None if seconds is None else round(seconds, 3)


def _round(share: float | None) -> float | None:
    return None if share is None else round(share, 6)
