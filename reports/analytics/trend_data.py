"""What trends hold; ``schemas/trends.json`` describes it for other programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from ...core.frozen import FrozenDict
from ...core.jsonable import to_jsonable
from ..frames import Rows, lay_groups, lay_rows, make_frames
from .data import Insight

if TYPE_CHECKING:
    from ..frames import Frames

Direction = Literal["increasing", "decreasing", "stable", "volatile", "unclear", "unknown"]
"""``stable``: the interval of the change lies within a fifth of none. ``volatile``: unclear, since counts vary so much.
``unknown``: there is nothing to compare with."""


@dataclass(frozen=True, slots=True)
class Change:
    """Hold a count against that of as long a time just before."""

    value: str | None
    """The type or severity; None for all, and where it is not known."""
    count: int
    count_before: int
    change: float | None
    """Relative, with its interval of 95 %; None where it has no end."""
    low: float | None
    high: float | None
    p_value: float
    """How probable so great a difference is by chance, with regard to how much counts vary."""
    q_value: float
    """The same, with regard to all that was compared beside it (Benjamini-Hochberg)."""
    direction: Direction


@dataclass(frozen=True, slots=True)
class Changes:
    """Hold what is different from the time before."""

    count: Change
    by_type: tuple[Change, ...]
    by_severity: tuple[Change, ...]
    dispersion: float
    """How many times as much as by Poisson's law counts vary from one time to the other, at least 1; intervals are
    widened by it."""


@dataclass(frozen=True, slots=True)
class PeriodCounts:
    """Hold the failures of one period."""

    since: datetime
    until: datetime
    count: int
    by_type: Mapping[str, int]
    by_severity: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class DayCounts:
    """Hold the failures of days of 24 hours, counted back from the end of the window, oldest first."""

    since: datetime
    counts: tuple[int, ...]

    def begins(self) -> list[datetime]:
        """Return when each day begins."""
        return [self.since + timedelta(days=number) for number in range(len(self.counts))]


@dataclass(frozen=True, slots=True)
class ChangePoint:
    """Hold when the level of failures changed for good."""

    since: datetime
    """The beginning of the first day of the new level."""
    rate_before: float
    """Failures a day, until then."""
    rate_after: float
    """And from then on, until the next change or the end."""
    change: float | None
    """Relative; None where there was nothing before."""
    p_value: float
    """How often the same days in any other order show so clear a change."""


@dataclass(frozen=True, slots=True)
class BacktestTrial:
    """Hold what would have been said of a period of the past, and what came."""

    since: datetime
    expected: float
    low: int
    high: int
    naive: int
    """The count of the period before."""
    observed: int
    hit: bool
    """Whether that was in the interval."""


@dataclass(frozen=True, slots=True)
class Backtest:
    """Hold how well periods of the past would have been foretold, each from what was known before it."""

    trials: tuple[BacktestTrial, ...]
    coverage: float
    """Share of the intervals that held what came; 0.95 is what is aimed at."""
    mean_absolute_error: float
    naive_mean_absolute_error: float
    """Of the count of the period before, taken for a forecast."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """Hold how many failures the next period of the same length will have, if nothing changes."""

    since: datetime
    until: datetime
    predicted_error_count: float
    low: int
    """Between this and ``high`` 95 % of the counts lie."""
    high: int
    chance_of_more: float
    """How probable it is that there are more than in this window."""
    backtest: Backtest


@dataclass(frozen=True, slots=True)
class ErrorTrends:
    """Hold the trends of a window."""

    since: datetime
    until: datetime
    known_from: datetime | None
    """The first moment of which the store knows anything; None where nothing was ever recorded."""
    current: PeriodCounts
    previous: PeriodCounts | None
    """None where the store does not go back so far."""
    changes: Changes | None
    direction: Direction
    days: DayCounts
    """The last 28 days, or twice the window, as far as they are known whole."""
    change_points: tuple[ChangePoint, ...]
    """In these days."""
    prediction: Forecast | None
    insights: tuple[Insight, ...]
    not_judged: Mapping[str, str] = FrozenDict()
    """What could not be judged -> why."""

    def to_dict(self) -> dict[str, Any]:
        """Return it JSON-ready."""
        found: dict[str, Any] = to_jsonable(self)
        return found

    def frames(self) -> Frames:
        """Return it as tables of pandas: days, changes, change_points, backtest and insights.

        Raises MissingExtraError where pandas is not installed.
        """
        told = self.changes
        return make_frames(
            {
                "days": Rows(("since", "count"), tuple(zip(self.days.begins(), self.days.counts, strict=True))),
                "changes": lay_groups(
                    Change,
                    "dimension",
                    {"all": (told.count,), "type": told.by_type, "severity": told.by_severity} if told else {},
                ),
                "change_points": lay_rows(ChangePoint, self.change_points),
                "backtest": lay_rows(BacktestTrial, self.prediction.backtest.trials if self.prediction else ()),
                "insights": lay_rows(Insight, self.insights),
            }
        )
