"""Run scenarios of circuit breakers against ours: behaviour as facts, on a clock of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..actions.breaker import (
    BreakerOptions,
    CircuitBreaker,
    CircuitBreakers,
    Consecutive,
    FailuresInWindow,
    FailuresOfLast,
    HalfOpen,
    Outcome,
    Permit,
    RateByCount,
    RateByTime,
    SlowCalls,
)
from ..core.errors import CircuitOpenError
from .clock import FakeClock
from .scenario import Mismatch, NotApplicableError

_OUTCOMES: dict[str, Outcome] = {
    "success": "success",
    "failure": "failure",
    "ignored": "ignored",
    "unrecorded_error": "success",
    "cancelled": "cancelled",
}
_COUNTERS = {
    "successes": "success_count",
    "failures": "failure_count",
    "ignored": "ignored_count",
    "rejected": "rejected_count",
    "opened": "opened_count",
}
_KNOWN = frozenset(
    {
        "trip", "open_s", "half_open", "evaluate_on", "rate_boundary", "open_boundary", "open_backoff",
        "ignored_outcome", "per_operation", "probe_timeout_s",
    }
)  # fmt: skip


def run_breaker_scenario(scenario: Mapping[str, Any]) -> Iterator[Mismatch]:
    """Yield what differs; raises NotApplicableError for a configuration that our class cannot express."""
    clock = FakeClock()
    breakers = CircuitBreakers(read_options(scenario["config"]), clock=clock)
    permits: dict[tuple[str | None, str], Permit] = {}
    for number, step in enumerate(scenario["steps"]):
        clock.move_to(step["t"])
        breaker = breakers.of(step.get("operation"))
        found = _take_step(step, breaker, permits)
        for key, wanted in step.get("expect", {}).items():
            if key not in found:
                raise NotApplicableError(f"there is no {key!r} to compare")
            if found[key] != wanted:
                yield Mismatch(
                    scenario["id"], f"step {number} ({step['op']} at {step['t']} s)", key, wanted, found[key]
                )


def read_options(config: Mapping[str, Any]) -> BreakerOptions:
    """Return the options that a scenario asks for."""
    unknown = sorted(config.keys() - _KNOWN)
    if unknown:
        raise NotApplicableError(f"there is no option for {', '.join(unknown)}")
    return BreakerOptions(
        trip=_read_trip(config["trip"]),
        open_for=config["open_s"],
        half_open=_read_half_open(config),
        slow=SlowCalls(slow["rate"], slow["over_s"]) if (slow := config["trip"].get("slow")) else None,
        growth=config.get("open_backoff", {}).get("multiplier", 1.0),
        on_failure_only=config.get("evaluate_on") == "failure_only",
        above_rate=config.get("rate_boundary") == ">",
        after_open_for=config.get("open_boundary") == ">",
        ignored_succeed=config.get("ignored_outcome") == "success",
    )


def _read_trip(trip: Mapping[str, Any]) -> Any:
    kind = trip["kind"]
    if kind == "failures_in_window":
        if trip.get("min_calls", 0) > trip["failures"]:
            raise NotApplicableError("a count of failures has no minimum of calls beside it")
        return FailuresInWindow(trip["failures"], trip["window_s"])
    if kind == "consecutive":
        return Consecutive(trip["failures"])
    if kind == "failures_of_last":
        return FailuresOfLast(trip["failures"], trip["window_calls"])
    if kind == "rate_by_count":
        return RateByCount(trip["rate"], trip["window_calls"], trip["min_calls"])
    if kind == "rate_by_time":
        return RateByTime(trip["rate"], trip["window_s"], trip["min_calls"])
    raise NotApplicableError(f"there is no trip of the kind {kind!r}")


def _read_half_open(config: Mapping[str, Any]) -> HalfOpen:
    half_open = config["half_open"]
    decisions = {"successes": "successes", "single_probe": "single", "rate_over_all_permits": "rate"}
    if half_open["decide"] not in decisions or half_open.get("reopen_on", "first_failure") != "first_failure":
        raise NotApplicableError(f"a half-open circuit is not decided by {half_open['decide']!r}")
    return HalfOpen(
        permits=half_open["permits"],
        counted=half_open.get("permit_kind", "in_flight"),
        decide=decisions[half_open["decide"]],  # type: ignore[arg-type] # one of the three
        successes=half_open.get("successes", 1),
        timeout=config.get("probe_timeout_s", float("inf")),
    )


def _take_step(
    step: Mapping[str, Any], breaker: CircuitBreaker, permits: dict[tuple[str | None, str], Permit]
) -> dict[str, Any]:
    operation = step["op"]
    found: dict[str, Any] = {"allowed": None}
    if operation in ("call", "begin"):
        found["allowed"] = _ask(step, breaker, permits)
    elif operation == "end":
        permit = permits.pop((step.get("operation"), step["id"]), None)
        if permit is not None:
            breaker.report(permit, _OUTCOMES[step["outcome"]], step.get("duration_s", 0.0))
    elif operation in ("force_open", "force_close", "reset", "disable"):
        getattr(breaker, operation)()
    elif operation not in ("wall_clock_jump", "stats"):
        raise NotApplicableError(f"there is no step {operation!r}")
    status = breaker.status()
    return found | {"state": status.state} | {name: getattr(status, field) for name, field in _COUNTERS.items()}


def _ask(step: Mapping[str, Any], breaker: CircuitBreaker, permits: dict[tuple[str | None, str], Permit]) -> bool:
    try:
        permit = breaker.acquire()
    except CircuitOpenError:
        return False
    if step["op"] == "call":
        breaker.report(permit, _OUTCOMES[step["outcome"]], step.get("duration_s", 0.0))
    else:
        permits[(step.get("operation"), step["id"])] = permit
    return True
