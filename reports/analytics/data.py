"""What patterns hold; ``schemas/analytics.json`` describes it for other programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from ...core.frozen import FrozenDict
from ...core.jsonable import to_jsonable
from ..frames import Rows, lay_groups, lay_rows, make_frames

if TYPE_CHECKING:
    from ..frames import Frames

AnomalyKind = Literal["frequency_spike", "new_fingerprint", "severity_shift"]


@dataclass(frozen=True, slots=True)
class Count:
    """Hold how many failures have one value, with the share of all and Wilson's interval of 95 %."""

    value: str | None
    """None: it is not known."""
    count: int
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Attribute:
    """Hold the counts of one thing that is known of failures."""

    known_values: int
    """How many values there are."""
    counts: tuple[Count, ...]
    """Of the 50 most frequent ones, most frequent first."""


@dataclass(frozen=True, slots=True)
class SlotCount:
    """Hold the failures of one hour of the day, or day of the week, and whether it stands out."""

    slot: int
    """Hour from 0 to 23, in UTC; day from 0 (Monday) to 6."""
    count: int
    expected: float
    """By its share of the window's time; spikes are left out, as they are of the following."""
    p_value: float | None
    q_value: float | None
    """The p-value with regard to all slots (Benjamini-Hochberg); None where it was not judged."""
    stands_out: Literal["peak", "quiet"] | None


@dataclass(frozen=True, slots=True)
class Seasonality:
    """Hold what is known of the cycle of a day or a week, over the window and up to 28 days before it."""

    days: int
    """Whole days that it was looked for in."""
    p_value: float
    significant: bool
    strength: float
    """Share of the variation that the cycle explains, 0 to 1."""
    dispersion: float
    """How many times as much as by Poisson's law counts vary beside the cycle, at least 1."""


@dataclass(frozen=True, slots=True)
class Temporal:
    """Hold when failures happen."""

    hours: tuple[SlotCount, ...]
    weekdays: tuple[SlotCount, ...]
    week: tuple[tuple[int, ...], ...]
    """Failures by day of the week, from Monday, and hour of the day."""
    peak_hours: tuple[int, ...]
    quiet_hours: tuple[int, ...]
    peak_days: tuple[int, ...]
    quiet_days: tuple[int, ...]
    daily_cycle: Seasonality | None
    weekly_cycle: Seasonality | None


@dataclass(frozen=True, slots=True)
class Pair:
    """Hold how often two values came together, against how often they would by chance."""

    value: str
    other_value: str
    together: int
    seen: int
    other_seen: int
    total: int
    """Failures, or situations, in which both are known."""
    expected: float
    lift: float
    p_value: float
    q_value: float
    """The p-value with regard to all pairs that were judged (Benjamini-Hochberg)."""
    significant: Literal["more", "less"] | None
    """Whether they come together more or less often than by chance."""


@dataclass(frozen=True, slots=True)
class PairList:
    """Hold pairs of one kind, the least probable first."""

    judged: int
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Anomaly:
    """Hold something out of the usual, with the figures that show it."""

    kind: AnomalyKind
    subject: str | None
    """The fingerprint, or the severity."""
    since: datetime
    until: datetime
    observed: float
    expected: float
    low: float
    """What is usual lies between this and ``high`` in 95 % of the cases."""
    high: float
    unit: Literal["failures", "share"]
    p_value: float
    """How probable so much or more is, where all is as usual."""
    q_value: float
    """The same, with regard to all that was looked at (Benjamini-Hochberg)."""
    history_failures: int | None
    """How many failures what is usual was learnt from; of a new cause, only the time counts."""
    history_seconds: float
    """From how much time it was."""


@dataclass(frozen=True, slots=True)
class CauseState:
    """Hold one cause and what it did."""

    fingerprint: str
    count: int
    """In the window."""
    count_before: int
    """In the known part of the 28 days before."""
    first_seen: datetime
    """Ever; so are the following."""
    seen_before: datetime | None
    """The last time before the window."""
    last_seen: datetime
    silence_seconds: float | None
    """Of a regressed cause until it came back; of a quiet one until the end of the window."""
    silence_probability: float | None
    """How probable so long a silence is by its former rate."""
    type: str | None
    severity: str | None
    operation: str | None
    tool: str | None
    message: str


@dataclass(frozen=True, slots=True)
class CauseList:
    """Hold the causes of one state, those with most failures first."""

    causes: int
    """How many there are."""
    listed: tuple[CauseState, ...]


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """Hold the causes by what they did; the new, regressed and recurring ones are all of the window."""

    new: CauseList
    """Never seen before the window."""
    regressed: CauseList
    """Back after at least 14 days of silence."""
    recurring: CauseList
    gone_quiet: CauseList
    """Seen in the 28 days before, so often that their absence is no chance."""
    absent: int
    """All that were seen in the 28 days before, and not in the window."""


@dataclass(frozen=True, slots=True)
class Insight:
    """Hold one thing worth knowing, in words, with the figures that it rests on."""

    kind: str
    message: str
    """It may quote names that strangers chose: escape it for where it goes."""
    evidence: Mapping[str, str | int | float | None]


@dataclass(frozen=True, slots=True)
class Patterns:
    """Hold counts by what failures are and where they happened."""

    by_type: Attribute
    by_category: Attribute
    by_severity: Attribute
    by_environment: Attribute
    by_component: Attribute
    by_tool: Attribute
    by_repository: Attribute
    by_branch: Attribute
    temporal: Temporal


@dataclass(frozen=True, slots=True)
class Correlations:
    """Hold what comes together."""

    type_environment: PairList
    severity_component: PairList
    type_operation: PairList
    same_run: PairList
    """Types that failed in the same run of an operation."""
    ten_minutes: PairList
    """Types that failed in the same repository within the same ten minutes by the clock."""


@dataclass(frozen=True, slots=True)
class ErrorPatterns:
    """Hold the patterns of a window."""

    since: datetime
    until: datetime
    known_from: datetime | None
    """The first moment of which the store knows anything; None where nothing was ever recorded."""
    total_errors: int
    """Failures, without cancelled ones."""
    patterns: Patterns
    correlations: Correlations
    anomalies: tuple[Anomaly, ...]
    fingerprints: Fingerprints
    insights: tuple[Insight, ...]
    not_judged: Mapping[str, str] = FrozenDict()
    """What could not be judged -> why."""

    def to_dict(self) -> dict[str, Any]:
        """Return it JSON-ready."""
        found: dict[str, Any] = to_jsonable(self)
        return found

    def frames(self) -> Frames:
        """Return it as tables of pandas: counts, hours, weekdays, week, pairs, anomalies, fingerprints and insights.

        Raises MissingExtraError where pandas is not installed.
        """
        times, groups = self.patterns.temporal, _list_fields(self.patterns, "temporal")
        causes = _list_fields(self.fingerprints, "absent")
        return make_frames(
            {
                "counts": lay_groups(
                    Count, "dimension", {name.removeprefix("by_"): one.counts for name, one in groups.items()}
                ),
                "hours": lay_rows(SlotCount, times.hours),
                "weekdays": lay_rows(SlotCount, times.weekdays),
                "week": Rows(
                    ("weekday", *map(str, range(24))), tuple((day, *row) for day, row in enumerate(times.week))
                ),
                "pairs": lay_groups(
                    Pair, "kind", {name: one.pairs for name, one in _list_fields(self.correlations).items()}
                ),
                "anomalies": lay_rows(Anomaly, self.anomalies),
                "fingerprints": lay_groups(CauseState, "state", {name: one.listed for name, one in causes.items()}),
                "insights": lay_rows(Insight, self.insights),
            }
        )


def _list_fields(value: Any, but: str = "") -> dict[str, Any]:
    return {field.name: getattr(value, field.name) for field in fields(value) if field.name != but}
