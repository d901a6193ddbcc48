"""What is worth knowing of a window, in words; each with the figures that it rests on, and none without."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

from ...core.frozen import FrozenDict
from ..intervals import share_interval
from .data import Attribute, CauseList, Fingerprints, Insight, Temporal
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
_MOST_RETURNS: Final = 3


def make_insight(kind: str, message: str, **evidence: str | float | None) -> Insight:
    """Return an insight; numbers are cut to six digits."""
    found = {name: tidy(value) if isinstance(value, float) else value for name, value in evidence.items()}
    return Insight(kind, message, FrozenDict(found))


def find_insights(
    look: Look, types: Attribute, times: Temporal, causes: Fingerprints, total: int
) -> tuple[Insight, ...]:
    """Return the insights of a window, what to act on first."""
    return (
        *_judge_environments(look),
        *_judge_resolution(look),
        *_judge_recipes(look),
        *_judge_reruns(look),
        *_tell_most_common(types, total),
        *_tell_causes(causes),
        *_tell_peaks(times),
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
        words = {
            "recipe_helps_not": f"The recipe {name} does not help: of {tries} calls after it {{}} succeeded.",
            "recipe_helps": f"The recipe {name} helps: of {tries} calls after it {{}} succeeded.",
        }
        yield from _judge_help("recipe", words, row["successes"], tries, recipe=name)


def _judge_reruns(look: Look) -> Iterator[Insight]:
    for row in look.read("retry_counts"):
        if row["dimension"] == "type" and row["value"] is not None:
            name, tries = row["value"], row["retries"]
            words = {
                "reruns_helps_not": f"Re-runs after {name} are wasted: {{}} of {tries} succeeded.",
                "reruns_helps": f"Re-runs after {name} help: {{}} of {tries} succeeded.",
            }
            yield from _judge_help("reruns", words, row["successes"], tries, type=name)


def _judge_help(prefix: str, words: dict[str, str], successes: int, tries: int, **subject: str) -> Iterator[Insight]:
    low, high = share_interval(successes, tries)
    if low is None or high is None or (low <= HELPS and high >= HELPS_NOT):
        return
    kind = f"{prefix}_{'helps' if low > HELPS else 'helps_not'}"
    yield make_insight(
        kind,
        words[kind].replace("{}", str(successes)),
        **subject,
        tries=tries,
        successes=successes,
        success_rate=successes / tries,
        low=low,
        high=high,
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
    yield from islice(_judge_returns(causes.regressed), _MOST_RETURNS)
    if causes.gone_quiet.listed:
        first = causes.gone_quiet.listed[0]
        yield make_insight(
            "gone_quiet",
            f"{causes.gone_quiet.causes} frequent causes did not come; the most frequent one was: {first.message}",
            causes=causes.gone_quiet.causes,
            fingerprint=first.fingerprint,
            count_before=first.count_before,
            silence_probability=first.silence_probability,
        )


def _judge_returns(regressed: CauseList) -> Iterator[Insight]:
    """Tell which silences were no chance; of many rare causes some are silent for long."""
    known = [one for one in regressed.listed if one.silence_probability is not None]
    values = [one.silence_probability or 0.0 for one in known]
    for cause, adjusted in zip(known, adjust_p_values(values, regressed.causes), strict=True):
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
            yield make_insight(
                f"peak_{name}",
                f"Most failures come {_name_slots(name, picked)}.",
                count=sum(one.count for one in chosen),
                expected=sum(one.expected for one in chosen),
                q_value=max(one.q_value for one in chosen if one.q_value is not None),
            )


WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _name_slots(kind: str, numbers: Sequence[int]) -> str:
    if kind == "days":
        return f"on {_join(WEEKDAYS[number] for number in numbers)}"
    return f"in the hours from {_join(f'{number:02}:00' for number in numbers)} UTC"


def name_weekday(number: int) -> str:
    """Return the name of a day, 0 is Monday."""
    return WEEKDAYS[number]


def _join(names: Iterable[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _days(seconds: float | None) -> int:
    return round((seconds or 0) / 86_400)
