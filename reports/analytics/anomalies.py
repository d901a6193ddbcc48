"""What is out of the usual, and the figures that show it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from .data import Anomaly, Fingerprints
from .look import HISTORY, Look, tidy
from .statistics.adjusting import LEVEL, adjust_p_values
from .statistics.baseline import HOURS_NEEDED, fit_baseline
from .statistics.counts_law import find_interval
from .statistics.shares import judge_pair
from .statistics.slots import Slots
from .statistics.spikes import Spike, find_spikes

LEAST_NEW: Final = 3
"""A new cause with fewer failures is none."""
_LEAST_HISTORY: Final = 30
"""Shares of fewer failures are not compared with."""


Severities = Mapping[str | None, int]


def find_window_spikes(history: Slots, window: Slots, reasons: dict[str, str]) -> list[Spike]:
    """Return the spikes of the window; why they were not judged is added to ``reasons``."""
    if history.exposures.sum() < HOURS_NEEDED:
        reasons["frequency_spike"] = f"fewer than {HOURS_NEEDED} hours before the window are known"
        return []
    return find_spikes(window, fit_baseline(history))


def find_anomalies(
    look: Look,
    history: Slots,
    window: Slots,
    spikes: Sequence[Spike],
    severities: tuple[Severities, Severities],
    causes: Fingerprints,
    reasons: dict[str, str],
) -> tuple[Anomaly, ...]:
    """Return the anomalies of the window; why something was not judged is added to ``reasons``.

    ``history`` and ``window``: by the hour of the clock; ``spikes``: those of the window. ``severities``: the failures
    by severity, of the window and of the time before.
    """
    return (
        *(_show_spike(look, spike, history, window) for spike in spikes),
        *_find_shifts(look, *severities, reasons),
        *_find_new(look, causes, reasons),
    )


def _show_spike(look: Look, spike: Spike, history: Slots, window: Slots) -> Anomaly:
    return Anomaly(
        "frequency_spike",
        None,
        max(window.begin(spike.first), look.since),
        min(window.begin(spike.last + 1), look.period.until),
        spike.observed,
        tidy(spike.expected),
        spike.low,
        spike.high,
        "failures",
        tidy(spike.p_value),
        tidy(spike.q_value),
        int(history.counts.sum()),
        look.history.length.total_seconds(),
    )


def _find_shifts(look: Look, now: Severities, before: Severities, reasons: dict[str, str]) -> Iterator[Anomaly]:
    """Compare the share of each severity with that of the time before, by Fisher's exact test."""
    total, total_before = sum(now.values()), sum(before.values())
    if total_before < _LEAST_HISTORY:
        reasons["severity_shift"] = f"fewer than {_LEAST_HISTORY} failures of the {HISTORY.days} days before are known"
        return
    names = [name for name in now if name is not None]
    values = [
        min(1.0, 2 * min(judge_pair(now[name], total, now[name] + before.get(name, 0), total + total_before)))
        for name in names
    ]
    for name, value, adjusted in zip(names, values, adjust_p_values(values), strict=True):
        if adjusted <= LEVEL:
            usual = before.get(name, 0) / total_before
            low, high = find_interval(total * usual, total * usual * (1 + total / total_before))
            yield Anomaly(
                "severity_shift",
                name,
                look.period.since,
                look.period.until,
                tidy(now[name] / total),
                tidy(usual),
                tidy(low / total),
                tidy(min(high / total, 1.0)),
                "share",
                tidy(value),
                tidy(adjusted),
                total_before,
                look.history.length.total_seconds(),
            )


def _find_new(look: Look, causes: Fingerprints, reasons: dict[str, str]) -> Iterator[Anomaly]:
    """Tell new causes whose absence before is no chance: had they failed as often before, they would have been seen."""
    known = (look.period.since - (look.known_from or look.period.since)).total_seconds()
    if known <= 0:
        reasons["new_fingerprint"] = "nothing before the window is known"
        return
    share = look.period.length.total_seconds() / (look.period.length.total_seconds() + known)
    family = causes.new.causes + causes.regressed.causes + causes.recurring.causes
    values = [share**cause.count for cause in causes.new.listed]
    for cause, value, adjusted in zip(causes.new.listed, values, adjust_p_values(values, family), strict=True):
        if adjusted <= LEVEL and cause.count >= LEAST_NEW:
            yield Anomaly(
                "new_fingerprint",
                cause.fingerprint,
                cause.first_seen,
                cause.last_seen,
                cause.count,
                tidy(cause.count * share),
                *find_interval(cause.count * share, cause.count * share),
                "failures",
                tidy(value),
                tidy(adjusted),
                None,
                known,
            )
