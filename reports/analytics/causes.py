"""Causes that are new, came back, go on, or have gone quiet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from ...outcomes import from_naive_utc
from ..failure_rows import choose_message
from .data import CauseList, CauseState, Fingerprints
from .look import Look, Row, tidy
from .statistics.adjusting import LEVEL, adjust_p_values

MOST_CAUSES: Final = 20


def read_causes(look: Look) -> Fingerprints:
    """Return the causes of the window, and those of the time before that are no longer seen."""
    history = look.history.length.total_seconds()
    rows = look.read("cause_history", history=history, size=MOST_CAUSES)
    groups = {state: [row for row in rows if row["state"] == state] for state in ("new", "regressed", "recurring")}
    absent = [row for row in rows if row["state"] == "quiet"]
    return Fingerprints(
        new=_list(groups["new"], (_describe(row) for row in groups["new"])),
        regressed=_list(groups["regressed"], map(_describe_regressed, groups["regressed"])),
        recurring=_list(groups["recurring"], (_describe(row) for row in groups["recurring"])),
        gone_quiet=_find_quiet(look, absent, history),
        absent=_size(absent),
    )


def _find_quiet(look: Look, rows: Sequence[Row], history: float) -> CauseList:
    """Keep the causes that would have been seen if they went on as before, at a false discovery rate of 5 %.

    Hours in which a cause was seen count, not failures: many at once are one event. If it went on, each such hour falls
    into the time before, and not into the window, with the share that the time before has of both.
    """
    window = look.period.length.total_seconds()
    values = [(history / (history + window)) ** row["hours_before"] for row in rows]
    told = zip(rows, values, adjust_p_values(values, _size(rows)), strict=True)
    found = tuple(_describe_quiet(look, row, value) for row, value, adjusted in told if adjusted <= LEVEL)
    return CauseList(len(found), found)


def _describe_quiet(look: Look, row: Row, probability: float) -> CauseState:
    silence = (look.period.until - from_naive_utc(row["last_seen"])).total_seconds()
    return _describe(row, silence, probability)


def _describe_regressed(row: Row) -> CauseState:
    """Tell how probable the silence was: the waiting time of a process whose rate is only known by the days before."""
    silence = (row["returned_at"] - row["seen_before"]).total_seconds()
    active = (row["seen_before"] - row["first_seen"]).total_seconds()
    known = row["days_before"] > 1 and active > 0
    probability = (active / (active + silence)) ** (row["days_before"] - 1) if known else None
    return _describe(row, silence, probability)


def _describe(row: Row, silence: float | None = None, probability: float | None = None) -> CauseState:
    return CauseState(
        fingerprint=row["fingerprint"],
        count=row["failures"],
        count_before=row["failures_before"],
        first_seen=from_naive_utc(row["first_seen"]),
        seen_before=from_naive_utc(row["seen_before"]) if row["seen_before"] else None,
        last_seen=from_naive_utc(row["last_seen"]),
        silence_seconds=None if silence is None else round(silence, 3),
        silence_probability=None if probability is None else tidy(probability),
        type=row["type"],
        severity=row["severity"],
        operation=row["operation"],
        tool=row["tool"],
        message=choose_message(row),
    )


def _list(rows: Sequence[Row], causes: Iterable[CauseState]) -> CauseList:
    return CauseList(_size(rows), tuple(causes))


def _size(rows: Sequence[Row]) -> int:
    return rows[0]["causes"] if rows else 0
