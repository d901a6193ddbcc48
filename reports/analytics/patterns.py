"""Analyse the patterns of a window."""

from __future__ import annotations

from typing import Final

from ...core.frozen import FrozenDict
from ...outcomes import FigureReader
from ..report_type import Question
from .anomalies import find_anomalies, find_window_spikes
from .causes import read_causes
from .correlating import read_correlations
from .counting import read_attributes, sum_by
from .data import ErrorPatterns, Patterns
from .insights import find_insights
from .look import Look
from .temporal import find_times

PATTERN_QUERIES: Final = (
    "attribute_counts",
    "attribute_pairs",
    "cause_history",
    "environment_calls",
    "failure_counts",
    "hour_counts",
    "kind_counts",
    "known_span",
    "recovery_reruns",
    "retry_counts",
    "types_together",
)


def find_patterns(reader: FigureReader, question: Question) -> ErrorPatterns:
    """Return the patterns of a window."""
    look, reasons = Look.open(reader, question), dict[str, str]()
    kinds = look.read("kind_counts")
    total = sum(row["failures"] for row in kinds)
    attributes, causes = read_attributes(look, total), read_causes(look)
    history, window = look.read_hours(look.history), look.read_hours(look.window)
    spikes = find_window_spikes(history, window, reasons)
    times = find_times(look, history, window, spikes, reasons)
    severities = sum_by(kinds, "severity"), sum_by(look.read("kind_counts", look.history), "severity")
    anomalies = find_anomalies(look, history, window, spikes, severities, causes, reasons)
    return ErrorPatterns(
        since=look.period.since,
        until=look.period.until,
        known_from=look.known_from,
        total_errors=total,
        patterns=Patterns(**{f"by_{name}": one for name, one in attributes.items()}, temporal=times),
        correlations=read_correlations(look),
        anomalies=anomalies,
        fingerprints=causes,
        insights=find_insights(look, attributes["type"], times, causes, anomalies, total),
        not_judged=FrozenDict(reasons),
    )
