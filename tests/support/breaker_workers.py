"""What other processes do with breakers in tests."""

from __future__ import annotations

import signal
from typing import Any, NoReturn

from errclass.actions.breaker import BreakerOptions, Consecutive, SharedCircuitBreaker
from errclass.core.errors import CircuitOpenError
from errclass.outcomes import Store


def fail() -> None:
    """Fail as a service that is down."""
    raise ConnectionError("refused")


def work(place: str, start: Any, results: Any) -> None:
    """Fail until the breaker is open, and tell how many calls were made."""
    breaker, calls = SharedCircuitBreaker(Store(place), "deploy"), 0
    start.wait(30)
    for _ in range(50):
        try:
            breaker.call(fail)
        except ConnectionError:
            calls += 1
        except CircuitOpenError:
            break
    results.put(calls)


def hang(place: str, started: Any) -> None:
    """Take the only probe, and never report."""
    SharedCircuitBreaker(Store(place), "deploy", BreakerOptions(Consecutive(1), open_for=0)).acquire()
    started.set()
    signal.pause()


def refuse() -> NoReturn:
    """Raise what a breaker raises that is open for 45 seconds more."""
    raise CircuitOpenError("deploy", 45.0)
