"""Measure what a guard costs a call that succeeds, beside others, and how long it takes to handle a failure.

Success: functions and coroutines that do nothing; ways are timed in turns, and the best round of each counts. Handling:
the median over failures of one operation with a store of its own, on the disk of ``--home``: decided, recorded and,
with an operation, called again without waiting. Takes about a minute. Needs: pip install tenacity.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import platform
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import errclass
from errclass.testing import quick_retries

CALLS, ROUNDS = 100_000, 7
FAILURES = 200
REFUSED = "connect ETIMEDOUT 203.0.113.7:443"
CONTEXT = {"operation": "deploy", "effect": "idempotent"}


def work() -> int:
    """Succeed."""
    return 1


async def work_later() -> int:
    """Succeed, as a coroutine."""
    return 1


def list_ways(system: errclass.ErrorHandlingSystem, function: Callable[[], Any]) -> dict[str, Callable[[], Any]]:
    """Return what is called, by name."""
    import tenacity

    return {
        "the bare call": function,
        "system.guard": system.guard(operation_type="deploy", effect="idempotent")(function),
        "errclass.retry with breaker": errclass.retry(breaker=True)(function),
        "tenacity": tenacity.retry(stop=tenacity.stop_after_attempt(4))(function),
    }


def time_calls(call: Callable[[], Any]) -> float:
    """Return microseconds for one call."""
    began = time.perf_counter()
    for _ in range(CALLS):
        call()
    return (time.perf_counter() - began) / CALLS * 1e6


async def time_awaits(call: Callable[[], Any]) -> float:
    """Return microseconds for one awaited call."""
    began = time.perf_counter()
    for _ in range(CALLS):
        await call()
    return (time.perf_counter() - began) / CALLS * 1e6


def measure_success(system: errclass.ErrorHandlingSystem) -> dict[str, tuple[float, float]]:
    """Return the best microseconds of each way: of a function, and of a coroutine."""
    ways, later = list_ways(system, work), list_ways(system, work_later)
    best = dict.fromkeys(ways, (float("inf"), float("inf")))
    for _ in range(ROUNDS):
        for name, call in ways.items():
            took = time_calls(call), asyncio.run(time_awaits(later[name]))
            best[name] = (min(best[name][0], took[0]), min(best[name][1], took[1]))
    return best


def measure_handling(system: errclass.ErrorHandlingSystem, operation: Callable[[], Any] | None) -> float:
    """Return the median milliseconds of handling one failure."""
    taken = []
    for number in range(FAILURES):
        error = ConnectionError(REFUSED)
        began = time.perf_counter()
        system.handle_error(error, {**CONTEXT, "operation": f"deploy {number}"}, operation)
        taken.append((time.perf_counter() - began) * 1e3)
    return statistics.median(taken)


def main() -> None:
    """Measure, and print Markdown tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, default=None, help="where the store lies; a new folder without it")
    with tempfile.TemporaryDirectory(dir=parser.parse_args().home) as home, quick_retries():
        logging.getLogger("errclass").setLevel(logging.ERROR)
        system = errclass.ErrorHandlingSystem({"home": home, "decision.autonomy": "auto"})
        print(f"Python {platform.python_version()}, {platform.machine()}\n")
        print("| call that succeeds | function, us | coroutine, us |\n|---|---|---|")
        for name, (plain, later) in measure_success(system).items():
            print(f"| {name} | {plain:.2f} | {later:.2f} |")
        system.handle_error("warm up")
        print("\n| handling one failure | median, ms |\n|---|---|")
        print(f"| decided and recorded | {measure_handling(system, None):.1f} |")
        print(f"| decided, recorded, called again with success | {measure_handling(system, work):.1f} |")
        system.stop()


if __name__ == "__main__":
    main()
