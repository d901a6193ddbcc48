"""What is worth knowing of a window, in words; each with the figures that it rests on, and none without."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final, Literal

from ...core.frozen import FrozenDict
from ..intervals import share_interval
from ..wording import write_time
from .data import Anomaly, Attribute, CauseList, Fingerprints, Insight, Temporal
from .look import Look, Row, tidy
from .statistics.adjusting import LEVEL, adjust_p_values
from .statistics.shares import judge_pair, judge_share

RESOLUTION_WANTED: Final = 0.8
"""The share of ended failures that should be resolved."""
HELPS: Final = 0.5
HELPS_NOT: Final = 0.25
"""What is done helps where it surely does in more than half of the cases, and does not where surely in less than a
quarter; surely is by the interval of 95 %."""
_LEAST_CALLS: Final = 10
_SEVERE: Final = ("critical", "high")
_MOST_ALIKE: Final = 3


def make_insight(kind: str, message: str, **evidence: str | float | None) -> Insight:
    """Return an insight; numbers are cut to six digits."""
    found = {name: tidy(value) if isinstance(value, float) else value for name, value in evidence.items()}
    return Insight(kind, message, FrozenDict(found))


def find_insights(
    look: Look,
    types: Attribute,
    times: Temporal,
    causes: Fingerprints,
    anomalies: Sequence[Anomaly],
    total: int,
) -> tuple[Insight, ...]:
    """Return the insights of a window, what to act on first."""
    return (
        *islice(_tell_spikes(anomalies), _MOST_ALIKE),
        *_tell_shifts(anomalies),
        *_judge_environments(look),
        *_judge_resolution(look),
        *_judge_recipes(look),
        *_judge_reruns(look),
        *_tell_most_common(types, total),
        *_tell_causes(causes),
        *_tell_peaks(times),
    )


def _tell_spikes(anomalies: Sequence[Anomaly]) -> Iterator[Insight]:
    """Tell of spikes, the largest first."""
    spikes = [one for one in anomalies if one.kind == "frequency_spike"]
    for one in sorted(spikes, key=lambda spike: spike.expected - spike.observed):
        span = f"From {write_time(one.since)} to {write_time(one.until)}"
        usual = f"where {one.low:.0f} to {one.high:.0f} are usual"
        yield _tell_anomaly(f"{span} there were {one.observed:.0f} failures, {usual}.", one)


def _tell_shifts(anomalies: Sequence[Anomaly]) -> Iterator[Insight]:
    """Tell of severe failures whose share has grown."""
    for one in anomalies:
        if one.kind == "severity_shift" and one.subject in _SEVERE and one.observed > one.expected:
            shares = (
                f"{_percent(one.observed)} of the failures are {one.subject}, where {_percent(one.expected)} are usual."
            )
            yield _tell_anomaly(shares, one)


def _tell_anomaly(message: str, one: Anomaly) -> Insight:
    return make_insight(
        one.kind,
        message,
        subject=one.subject,
        observed=one.observed,
        expected=one.expected,
        low=one.low,
        high=one.high,
        q_value=one.q_value,
    )


def _judge_environments(look: Look) -> Iterator[Insight]:
    """Compare calls of each environment with those of the others that have a name; calls have no type or severity."""
    if {"type", "severity"} & set(look.filters):
        return
    rows = [row for row in look.read("environment_calls") if row["environment"] is not None]
    calls, failures = sum(row["calls"] for row in rows), sum(row["failures"] for row in rows)
    judged = [row for row in rows if row["calls"] >= _LEAST_CALLS]
    values = [judge_pair(row["failures"], row["calls"], failures, calls)[0] for row in judged]
    for row, adjusted in zip(judged, adjust_p_values(values), strict=True):
        if adjusted <= LEVEL and failures < calls:
            yield _tell_environment(row, calls - row["calls"], failures - row["failures"], adjusted)


def _tell_environment(row: Row, calls: int, failures: int, q_value: float) -> Insight:
    rate, other = row["failures"] / row["calls"], failures / calls
    low, high = share_interval(row["failures"], row["calls"])
    return make_insight(
        "problematic_environment",
        f"Calls in {row['environment']} fail more often than elsewhere: {_percent(rate)} against {_percent(other)}.",
        environment=row["environment"],
        calls=row["calls"],
        failures=row["failures"],
        failure_rate=rate,
        low=low,
        high=high,
        calls_elsewhere=calls,
        failures_elsewhere=failures,
        failure_rate_elsewhere=other,
        q_value=q_value,
    )


def _judge_resolution(look: Look) -> Iterator[Insight]:
    (row,) = (row for row in look.read("failure_counts") if row["dimension"] == "all")
    ended = row["resolved"] + row["given_up"]
    low, high = share_interval(row["resolved"], ended)
    if high is not None and high < RESOLUTION_WANTED:
        share = row["resolved"] / ended
        yield make_insight(
            "low_resolution_rate",
            f"Of {ended} failures whose end is known only {_percent(share)} were resolved.",
            ended=ended,
            resolved=row["resolved"],
            resolution_rate=share,
            low=low,
            high=high,
            wanted=RESOLUTION_WANTED,
        )


def _judge_recipes(look: Look) -> Iterator[Insight]:
    for row in look.read("recovery_reruns"):
        name, tries = row["name"], row["reruns"]
        share = f"of {tries} calls after it {row['successes']} succeeded."
        verdict = _judge_help(row["successes"], tries)
        if verdict == "yes":
            yield _tell_help("recipe_helps", f"The recipe {name} helps: {share}", row["successes"], tries, recipe=name)
        elif verdict == "no":
            message = f"The recipe {name} does not help: {share}"
            yield _tell_help("recipe_helps_not", message, row["successes"], tries, recipe=name)


def _judge_reruns(look: Look) -> Iterator[Insight]:
    for row in look.read("retry_counts"):
        if row["dimension"] != "type" or row["value"] is None:
            continue
        name, tries = row["value"], row["retries"]
        share = f"{row['successes']} of {tries} succeeded."
        verdict = _judge_help(row["successes"], tries)
        if verdict == "yes":
            yield _tell_help("reruns_help", f"Re-runs after {name} help: {share}", row["successes"], tries, type=name)
        elif verdict == "no":
            message = f"Re-runs after {name} are wasted: {share}"
            yield _tell_help("reruns_help_not", message, row["successes"], tries, type=name)


def _judge_help(successes: int, tries: int) -> Literal["yes", "no", "unclear"]:
    low, high = share_interval(successes, tries)
    if low is not None and low > HELPS:
        return "yes"
    return "no" if high is not None and high < HELPS_NOT else "unclear"


def _tell_help(kind: str, message: str, successes: int, tries: int, **subject: str) -> Insight:
    low, high = share_interval(successes, tries)
    rate = successes / tries
    return make_insight(
        kind, message, **subject, tries=tries, successes=successes, success_rate=rate, low=low, high=high
    )


def _tell_most_common(types: Attribute, total: int) -> Iterator[Insight]:
    """Name the most common type where it is surely more common than the next."""
    named = [one for one in types.counts if one.value is not None]
    if not named:
        return
    first, second = named[0], named[1].count if len(named) > 1 else 0
    p_value = judge_share(first.count, first.count + second, 0.5)
    if p_value <= LEVEL:
        yield make_insight(
            "most_common_error",
            f"The most common error is {first.value}: {first.count} of {total} failures, the next one has {second}.",
            type=first.value,
            count=first.count,
            total=total,
            share=first.share,
            low=first.low,
            high=first.high,
            next_count=second,
            p_value=p_value,
        )


def _tell_causes(causes: Fingerprints) -> Iterator[Insight]:
    seen = causes.regressed.causes + causes.recurring.causes + causes.new.causes
    yield from islice(_judge_returns(causes.regressed, seen), _MOST_ALIKE)
    if causes.gone_quiet.listed:
        first = causes.gone_quiet.listed[0]
        yield make_insight(
            "gone_quiet",
            f"Causes that were frequent and did not come: {causes.gone_quiet.causes}, such as: {first.message}",
            causes=causes.gone_quiet.causes,
            fingerprint=first.fingerprint,
            count_before=first.count_before,
            silence_probability=first.silence_probability,
        )


def _judge_returns(regressed: CauseList, seen: int) -> Iterator[Insight]:
    """Tell which silences were no chance, of ``seen`` causes in all: of many rare ones some are silent for long."""
    known = [one for one in regressed.listed if one.silence_probability is not None]
    values = [one.silence_probability or 0.0 for one in known]
    for cause, adjusted in zip(known, adjust_p_values(values, seen), strict=True):
        if adjusted <= LEVEL:
            yield make_insight(
                "regressed_cause",
                f"A cause is back after {_days(cause.silence_seconds)} days: {cause.message}",
                fingerprint=cause.fingerprint,
                count=cause.count,
                silence_seconds=cause.silence_seconds,
                silence_probability=cause.silence_probability,
                q_value=adjusted,
            )


def _tell_peaks(times: Temporal) -> Iterator[Insight]:
    for name, slots, picked in (
        ("hours", times.hours, times.peak_hours),
        ("days", times.weekdays, times.peak_days),
    ):
        if picked:
            chosen = [one for one in slots if one.slot in picked]
            count, expected = sum(one.count for one in chosen), sum(one.expected for one in chosen)
            total = sum(one.count for one in slots)
            yield make_insight(
                f"peak_{name}",
                f"More failures than usual come {_name_slots(name, picked)}: {count} of {total}, not {expected:.0f}.",
                count=count,
                total=total,
                expected=expected,
                q_value=max(one.q_value for one in chosen if one.q_value is not None),
            )


WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _name_slots(kind: str, numbers: Sequence[int]) -> str:
    if kind == "days":
        return f"on {_join(WEEKDAYS[number] for number in numbers)}"
    return f"in the hours from {_join(f'{number:02}:00' for number in numbers)} UTC"


def _join(names: Iterable[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _days(seconds: float | None) -> int:
    return round((seconds or 0) / 86_400)
