"""Measure what a retry with a circuit breaker costs a call, beside other libraries in the same run.

Each way is a retry around a breaker around the call, as its library's users write it; ours has its budget, its guard
against nested retries and its statistics on too. ``success``: the call does nothing and succeeds. ``failure``: it fails
twice and then succeeds, without waits. Ways are timed in turns; the best round of each counts. Takes about a minute.
Needs: pip install aiobreaker backoff circuitbreaker pybreaker redress stamina tenacity (what is absent is left out).
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import platform
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import errclass
from errclass.actions.breaker import BreakerOptions, CircuitBreaker, FailuresInWindow
from errclass.actions.retry import BudgetOptions, RetryBudget

MANY = 10**7
"""Failures that open no breaker, and retries that a budget can pay: the failing path is measured, not a refusal."""
ATTEMPTS = 3
OURS = "errclass"
BARE = "the bare call"
_LIBRARIES = ("aiobreaker", "backoff", "circuitbreaker", "pybreaker", "redress", "stamina", "tenacity")

Call = Callable[[], Any]
Wrap = Callable[[Call], Call]


@dataclass(frozen=True, slots=True)
class Way:
    """Describe one way to wrap a function or a coroutine function."""

    name: str
    needs: tuple[str, ...]
    wrap: Wrap


@dataclass(frozen=True, slots=True)
class Case:
    """Say what is measured."""

    path: str
    is_async: bool
    threads: int

    @property
    def title(self) -> str:
        """Name it."""
        return f"{self.path}, {'async' if self.is_async else 'sync'}, {self.threads} thread{'s' * (self.threads > 1)}"


def wrap_ours(function: Call) -> Call:
    """Wrap by the decorator, with all that it has."""
    breaker = CircuitBreaker(options=BreakerOptions(FailuresInWindow(MANY, 300)))
    budget = RetryBudget(BudgetOptions(capacity=MANY, cost=1))
    return errclass.retry(
        on=ConnectionError, attempts=ATTEMPTS, wait_initial=0, wait_max=0, breaker=breaker, budget=budget
    )(function)


def wrap_tenacity(breaker: Wrap | None) -> Wrap:
    """Return tenacity around a breaker."""

    def wrap(function: Call) -> Call:
        import tenacity

        retry = tenacity.retry_if_exception_type(ConnectionError)
        guarded = breaker(function) if breaker else function
        return tenacity.retry(
            retry=retry, stop=tenacity.stop_after_attempt(ATTEMPTS), wait=tenacity.wait_none(), reraise=True
        )(guarded)

    return wrap


def wrap_stamina(breaker: Wrap) -> Wrap:
    """Return stamina around a breaker."""

    def wrap(function: Call) -> Call:
        import stamina

        waits = {"wait_initial": 0, "wait_max": 0, "wait_jitter": 0}
        return stamina.retry(on=ConnectionError, attempts=ATTEMPTS, **waits)(breaker(function))

    return wrap


def wrap_backoff(breaker: Wrap) -> Wrap:
    """Return backoff around a breaker."""

    def wrap(function: Call) -> Call:
        import backoff

        options = {"interval": 0, "jitter": None, "logger": None}
        return backoff.on_exception(backoff.constant, ConnectionError, max_tries=ATTEMPTS, **options)(breaker(function))

    return wrap


def wrap_redress(*, is_async: bool) -> Wrap:
    """Return redress with its own breaker."""

    def wrap(function: Call) -> Call:
        import redress

        options: dict[str, Any] = {
            "classifier": redress.default_classifier,
            "strategy": lambda context: 0.0,
            "max_attempts": ATTEMPTS,
            "max_unknown_attempts": None,
        }
        breaker = redress.CircuitBreaker(failure_threshold=MANY)
        if is_async:
            policy = redress.AsyncPolicy(retry=redress.AsyncRetry(**options), circuit_breaker=breaker)
        else:
            policy = redress.Policy(retry=redress.Retry(**options), circuit_breaker=breaker)
        return lambda: policy.call(function)

    return wrap


def guard_by_pybreaker(function: Call) -> Call:
    """Wrap by pybreaker; for functions only."""
    import pybreaker

    return pybreaker.CircuitBreaker(fail_max=MANY, reset_timeout=60)(function)


def guard_by_circuitbreaker(function: Call) -> Call:
    """Wrap by circuitbreaker."""
    import circuitbreaker

    return circuitbreaker.CircuitBreaker(failure_threshold=MANY, recovery_timeout=60)(function)


def guard_by_aiobreaker(function: Call) -> Call:
    """Wrap by aiobreaker; for coroutine functions."""
    import aiobreaker

    return aiobreaker.CircuitBreaker(fail_max=MANY)(function)


def list_ways(*, is_async: bool) -> list[Way]:
    """Return the ways that are installed; ours first."""
    if is_async:
        ways = [
            Way("tenacity", ("tenacity",), wrap_tenacity(None)),
            Way("tenacity + aiobreaker", ("tenacity", "aiobreaker"), wrap_tenacity(guard_by_aiobreaker)),
            Way("stamina + aiobreaker", ("stamina", "aiobreaker"), wrap_stamina(guard_by_aiobreaker)),
            Way("backoff + circuitbreaker", ("backoff", "circuitbreaker"), wrap_backoff(guard_by_circuitbreaker)),
        ]
    else:
        ways = [
            Way("tenacity + pybreaker", ("tenacity", "pybreaker"), wrap_tenacity(guard_by_pybreaker)),
            Way("stamina + pybreaker", ("stamina", "pybreaker"), wrap_stamina(guard_by_pybreaker)),
            Way("backoff + pybreaker", ("backoff", "pybreaker"), wrap_backoff(guard_by_pybreaker)),
            Way("backoff + circuitbreaker", ("backoff", "circuitbreaker"), wrap_backoff(guard_by_circuitbreaker)),
        ]
    redress = Way("redress with its breaker", ("redress",), wrap_redress(is_async=is_async))
    return [Way(OURS, (), wrap_ours), *(way for way in [*ways, redress] if is_installed(way))]


def is_installed(way: Way) -> bool:
    """Tell whether the libraries of a way are there."""
    return all(find_version(name) for name in way.needs)


def find_version(name: str) -> str | None:
    """Return the version of a library; None where it is not installed."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def make_target(case: Case) -> Call:
    """Return what is called: one for each thread that counts its own calls."""
    fails = case.path == "failure"
    own = threading.local()

    def work() -> int:
        if fails:
            own.calls = getattr(own, "calls", 0) + 1
            if own.calls % ATTEMPTS:
                raise ConnectionError
        return 1

    async def work_later() -> int:
        return work()

    return work_later if case.is_async else work


def time_calls(call: Call, case: Case, count: int) -> float:
    """Return microseconds for one call, of ``count`` in each thread; raises what a call raises."""
    run = run_tasks if case.is_async else run_calls
    if case.threads == 1:
        return run(call, count) / count * 1e6
    errors: list[Exception] = []
    threads = [threading.Thread(target=run_caught, args=(run, call, count, errors)) for _ in range(case.threads)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return (time.perf_counter() - start) / (count * case.threads) * 1e6


def run_caught(run: Callable[[Call, int], float], call: Call, count: int, errors: list[Exception]) -> None:
    """Run calls in a thread and hand out what they raise."""
    try:
        run(call, count)
    except Exception as error:  # noqa: BLE001 - a library's race is part of what is measured
        errors.append(error)


def run_calls(call: Call, count: int) -> float:
    """Return the seconds of so many calls."""
    start = time.perf_counter()
    for _ in range(count):
        call()
    return time.perf_counter() - start


def run_tasks(call: Callable[[], Awaitable[Any]], count: int) -> float:
    """Return the seconds of so many awaited calls, without those of the loop's start."""

    async def run() -> float:
        start = time.perf_counter()
        for _ in range(count):
            await call()
        return time.perf_counter() - start

    return asyncio.run(run())


def measure(case: Case, *, rounds: int, seconds: float) -> Iterator[tuple[str, float | str]]:
    """Yield each way's best time in microseconds, or what it raised."""
    calls = [(way.name, way.wrap(make_target(case))) for way in list_ways(is_async=case.is_async)]
    if case.path == "success":
        calls.append((BARE, make_target(case)))
    best: dict[str, float | str] = {}
    counts: dict[str, int] = {}
    for turn in range(rounds + 1):
        for name, call in calls:
            if isinstance(best.get(name), str):
                continue
            try:
                if turn == 0:
                    counts[name] = plan_count(call, case, seconds)
                    continue
                took = time_calls(call, case, counts[name])
            except Exception as error:  # noqa: BLE001 - likewise
                best[name] = f"raised {type(error).__name__}"
                continue
            best[name] = min(took, float(best.get(name, took)))
    yield from best.items()


def plan_count(call: Call, case: Case, seconds: float) -> int:
    """Return how many calls of each thread take about so many seconds; these calls are the warm-up."""
    took = time_calls(call, case, 500)
    return max(500, int(seconds / took * 1e6 / case.threads))


def print_case(case: Case, times: Sequence[tuple[str, float | str]]) -> None:
    """Print a table: microseconds, and how many times as long as ours."""
    ours = dict(times)[OURS]
    print(f"\n## {case.title}\n\n| way | us | times ours |\n|---|---:|---:|")
    for name, took in times:
        ratio = f"{took / ours:.1f}" if isinstance(took, float) and isinstance(ours, float) else ""
        print(f"| {name} | {took if isinstance(took, str) else f'{took:.2f}'} | {ratio} |")


def main() -> None:
    """Measure all cases and print them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="turns of each way; the best counts (default 5)")
    parser.add_argument("--seconds", type=float, default=0.15, help="about how long one turn takes (default 0.15)")
    parser.add_argument("--only", metavar="TEXT", default="", help="only cases with this in their title, as 'success'")
    options = parser.parse_args()
    logging.getLogger().addHandler(logging.NullHandler())  # nobody reads what is logged of each failure
    found = ", ".join(f"{name} {find_version(name)}" for name in _LIBRARIES if find_version(name))
    print(f"Python {platform.python_version()}; {found}")
    for path in ("success", "failure"):
        for case in (Case(path, is_async, threads) for is_async in (False, True) for threads in (1, 8)):
            if options.only in case.title:
                print_case(case, list(measure(case, rounds=options.rounds, seconds=options.seconds)))


if __name__ == "__main__":
    main()
