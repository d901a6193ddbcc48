"""Read what a report on performance holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

from ...core.frozen import FrozenDict
from ...outcomes import FigureReader, from_naive_utc
from ..intervals import survival_interval
from ..report_type import Question
from ..summary.reading import round_seconds
from ..tracking.metrics import CurrentMetrics, Metrics
from ..tracking.reading import QUERIES as METRIC_QUERIES
from ..tracking.reading import UNDECIDED, has_calls, read_metrics
from ..tracking.series import find_slot, read_all_series
from ..tracking.share import round_share
from .data import CurveStep, GroupPerformance, OpenIncident, PerformanceData, Ranking, SlotRate, SuccessOverTime

QUERIES: Final = (*METRIC_QUERIES, "operation_slots", "recovery_curve")
MOST_GROUPS: Final = 25
MOST_OPEN: Final = 20
CURVE_STEPS: Final = 50

Row = Mapping[str, Any]


def read_performance(reader: FigureReader, question: Question) -> tuple[PerformanceData, int]:
    """Return a report's data, and how many failures it is about."""
    metrics = read_metrics(reader, question)
    since, until = question.period.since, question.period.until
    curve = reader.read("recovery_curve", since, until, size=CURVE_STEPS)
    data = PerformanceData(
        system_metrics=Metrics(**{field.name: getattr(metrics, field.name) for field in fields(Metrics)}),
        open_incidents=metrics.open_incidents,
        oldest_open=tuple(map(_describe_open, reader.read("open_incidents", since, until, size=MOST_OPEN))),
        operation_performance=_rank(metrics.by_operation),
        component_performance=_rank(metrics.by_component),
        environment_performance=_rank(metrics.by_environment),
        recovery_by_type=FrozenDict({name: one.mttr for name, one in metrics.by_type.items() if one.mttr.incidents}),
        recovery_curve=tuple(map(_describe_step, curve)),
        success_over_time=_read_rates(reader, question) if has_calls(question) else None,
        known_from=metrics.known_from,
    )
    return data, _count_failures(metrics)


def _count_failures(metrics: CurrentMetrics) -> int:
    return sum(one.failures.count for one in metrics.by_type.values())


def _rank(groups: Mapping[str, Metrics]) -> Ranking:
    ordered = sorted(groups.items(), key=lambda group: (*_badness(group[1]), group[0]))
    return Ranking(len(groups), tuple(GroupPerformance(name, one) for name, one in ordered[:MOST_GROUPS]))


def _badness(metrics: Metrics) -> tuple[float, float, float]:
    """Return what sorts the worst first."""
    failing = metrics.failure_rate.low if metrics.failure_rate else None
    return -(failing or 0.0), -(metrics.down_seconds or 0.0), -(metrics.mttr.mean_seconds or 0.0)


def _describe_open(row: Row) -> OpenIncident:
    return OpenIncident(
        operation=row["operation"],
        environment=row["environment"],
        component=row["component"],
        opened_at=from_naive_utc(row["opened_at"]),
        seconds=round(row["seconds"], 3),
        failures=row["failures"],
        type=row["type"] or UNDECIDED,
        severity=row["severity"] or UNDECIDED,
    )


def _describe_step(row: Row) -> CurveStep:
    # A product of fractions may end a hair above nothing.
    survival = max(round(row["survival"], 12), 0.0)
    low, high = survival_interval(survival, row["standard_error"])
    return CurveStep(
        seconds=round_seconds(row["seconds"]) or 0.0,
        at_risk=row["at_risk"],
        recovered=row["recovered"],
        open=row["censored"],
        still_down=round_share(survival) or 0.0,
        low=round_share(low),
        high=round_share(high),
    )


def _read_rates(reader: FigureReader, question: Question) -> SuccessOverTime:
    (series,) = read_all_series(reader, question, ("success_rate",), find_slot(question.period, None))
    slots = tuple(SlotRate(one.start, one.count, one.value, one.low, one.high) for one in series.points)
    return SuccessOverTime(series.slot_seconds, slots)
