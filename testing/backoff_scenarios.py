"""Run scenarios of retries against ours: waits, calls and reasons to stop as facts, on a clock of their own."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..core.errors import CircuitOpenError
from .backoff_setup import BackoffSetup, read_setup
from .rehearsal import Rehearsal, Stage
from .samples import find_mean_fault, find_uniform_fault
from .scenario import Mismatch, NotApplicableError

_SEED = 20_261_128
_TRIES, _SAMPLES = 200, 4_000
"""Runs of a scenario with jitter: for bounds, and for what is said of many samples."""
_MOST_RETRIES = 100_000
_EPSILON = 1e-9
_KNOWN = frozenset(
    {
        "delays", "delay_at", "calls", "stop", "total_s", "mean_s", "distribution", "tolerance_s", "relation",
        "retries_granted", "left_tokens", "raises",
    }
)  # fmt: skip

Fault = tuple[str, str, Any, Any]
"""Where, what, what was wanted, what was found."""


def run_backoff_scenario(scenario: Mapping[str, Any]) -> Iterator[Mismatch]:
    """Yield what differs; raises NotApplicableError for what our classes cannot express, or this cannot check."""
    setup, expect = read_setup(scenario), scenario["expect"]
    _refuse_other_checks(setup, expect)
    for fault in _list_faults(setup, expect):
        yield Mismatch(scenario["id"], *fault)


def _refuse_other_checks(setup: BackoffSetup, expect: Mapping[str, Any]) -> None:
    unknown = sorted(expect.keys() - _KNOWN)
    if unknown:
        raise NotApplicableError(f"there is no check of {', '.join(unknown)}")
    if "relation" in expect and not _is_decorrelated(setup):
        raise NotApplicableError("a relation between delays is checked of decorrelated ones only")
    if expect.get("distribution", "uniform") != "uniform":
        raise NotApplicableError(f"there is no check of a distribution {expect['distribution']!r}")


def _list_faults(setup: BackoffSetup, expect: Mapping[str, Any]) -> Iterator[Fault]:
    stage = Stage(setup, random.Random(_SEED).random, most_calls=_count_failures(setup, expect))  # noqa: S311 - jitter
    if "retries_granted" in expect:
        yield from _drain(stage, expect)
        return
    runs = stage.rehearse(_count_runs(setup, expect))
    for run in runs:
        faults = list(_compare(run, setup, expect))
        if faults:  # the other runs would say the same again
            yield from faults
            return
    yield from _compare_samples(runs, expect)


def _count_failures(setup: BackoffSetup, expect: Mapping[str, Any]) -> int:
    """Return how many calls fail where every call does: where nothing ends them, as many as are looked at."""
    if setup.ends:
        return _MOST_RETRIES
    return max([len(expect.get("delays", ())), *(number for number, _ in _list_far(expect))])


def _count_runs(setup: BackoffSetup, expect: Mapping[str, Any]) -> int:
    if not setup.is_random or setup.budget is not None:
        return 1
    return _SAMPLES if {"mean_s", "distribution"} & expect.keys() else _TRIES


def _drain(stage: Stage, expect: Mapping[str, Any]) -> Iterator[Fault]:
    """Make one operation after the other until the budget refuses a retry."""
    granted, run = 0, Rehearsal()
    while run.reason != "budget" and granted < _MOST_RETRIES:
        (run,) = stage.rehearse()
        granted += run.calls - 1
    yield from _differ("at the end", "retries_granted", expect["retries_granted"], granted)
    yield from _compare_stop(run, expect)
    yield from _compare_tokens(stage, expect)


def _compare_tokens(stage: Stage, expect: Mapping[str, Any]) -> Iterator[Fault]:
    if "left_tokens" in expect:
        found = None if stage.budget is None else stage.budget.tokens
        yield from _differ("at the end", "left_tokens", expect["left_tokens"], found)


def _compare(run: Rehearsal, setup: BackoffSetup, expect: Mapping[str, Any]) -> Iterator[Fault]:
    if "calls" in expect:
        yield from _differ("at the end", "calls", expect["calls"], run.calls)
    yield from _compare_delays(run.delays, expect)
    yield from _compare_stop(run, expect)
    if "total_s" in expect:
        yield from _bound("at the end", "total_s", expect["total_s"], run.total, expect)
    if "raises" in expect:
        yield from _compare_error(run)
    if "relation" in expect:
        yield from _compare_growth(run.delays, setup)


def _compare_delays(delays: Sequence[float], expect: Mapping[str, Any]) -> Iterator[Fault]:
    far = _list_far(expect)
    for number, bounds in [*enumerate(expect.get("delays", ()), start=1), *far]:
        if number <= len(delays):
            yield from _bound(f"after failure {number}", "delay", bounds, delays[number - 1], expect)
        elif number in dict(far):
            yield f"after failure {number}", "delay", bounds, None
    if "delays" in expect and not far:
        yield from _differ("at the end", "number of delays", len(expect["delays"]), len(delays))


def _list_far(expect: Mapping[str, Any]) -> list[tuple[int, Mapping[str, Any]]]:
    """Return the bounds at given attempts: an object by attempt, or a list of objects that name theirs."""
    given = expect.get("delay_at", {})
    if isinstance(given, Mapping):
        return [(int(number), bounds) for number, bounds in given.items()]
    return [(int(bounds["attempt"]), bounds) for bounds in given]


def _compare_stop(run: Rehearsal, expect: Mapping[str, Any]) -> Iterator[Fault]:
    found = {"reason": run.reason, "after_attempt": run.after_attempt}
    for key, wanted in expect.get("stop", {}).items():
        yield from _differ("at the end", f"stop.{key}", wanted, found.get(key))


def _compare_error(run: Rehearsal) -> Iterator[Fault]:
    """Look for the last real error: it is what is raised, or the cause of the breaker's refusal."""
    error = run.error
    if isinstance(error, CircuitOpenError):
        yield from _differ("at the end", "a time to come back", True, error.retry_after > 0)
        error = error.__cause__
    yield from _differ("at the end", "the last error is raised or the cause", True, error is run.last_failure)


def _compare_growth(delays: Sequence[float], setup: BackoffSetup) -> Iterator[Fault]:
    (backoff,) = setup.list_backoffs()
    previous = backoff.base
    for number, delay in enumerate(delays, start=1):
        bounds = {"min_s": min(backoff.base, backoff.cap), "max_s": min(backoff.cap, 3 * max(previous, backoff.base))}
        yield from _bound(f"after failure {number}", "delay", bounds, delay, {})
        previous = delay


def _is_decorrelated(setup: BackoffSetup) -> bool:
    return [backoff.curve for backoff in setup.list_backoffs()] == ["decorrelated"]


def _compare_samples(runs: Sequence[Rehearsal], expect: Mapping[str, Any]) -> Iterator[Fault]:
    means = expect.get("mean_s", [])
    wanted = means if isinstance(means, list) else [means]
    tolerance = expect.get("tolerance_s", 0.0)
    for number, mean in enumerate(wanted, start=1):
        fault = find_mean_fault(_sample(runs, number), mean, tolerance)
        if fault is not None:
            yield f"after failure {number}", "mean delay", mean, fault
    yield from _compare_distribution(runs, expect)


def _compare_distribution(runs: Sequence[Rehearsal], expect: Mapping[str, Any]) -> Iterator[Fault]:
    if "distribution" not in expect:
        return
    for number, bounds in enumerate(expect.get("delays", ()), start=1):
        fault = find_uniform_fault(_sample(runs, number), bounds["min_s"], bounds["max_s"])
        if fault is not None:
            yield f"after failure {number}", "distribution", "uniform", fault


def _sample(runs: Sequence[Rehearsal], number: int) -> list[float]:
    return [run.delays[number - 1] for run in runs if number <= len(run.delays)]


def _bound(place: str, what: str, wanted: Any, found: float, expect: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield a fault where a number is none of those wanted: one, or those between two bounds."""
    slack = expect.get("tolerance_s", 0.0) + _EPSILON
    bounds = wanted if isinstance(wanted, Mapping) else {"min_s": wanted, "max_s": wanted}
    if not bounds.get("min_s", 0.0) - slack <= found <= bounds.get("max_s", float("inf")) + slack:
        yield place, what, wanted, found


def _differ(place: str, what: str, wanted: Any, found: Any) -> Iterator[Fault]:
    if wanted != found:
        yield place, what, wanted, found
