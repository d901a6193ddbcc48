"""Calls that fail, and executors that try them again on a clock that is put forward."""

from __future__ import annotations

from typing import Any

from errclass.actions.retry import Backoff, Executor, Flow, Naps, RetryPolicy, decide_by
from errclass.testing.clock import FakeClock

STEADY = Backoff("fixed", base=1, jitter="none")


class Flaky:
    """Count its calls; fail always or so many times, then succeed. With a clock, each call takes some seconds."""

    def __init__(
        self,
        failures: int = 99,
        error: BaseException | None = None,
        *,
        clock: FakeClock | None = None,
        seconds: float = 0.0,
    ) -> None:
        self.calls = 0
        self._failures = failures
        self._error = error
        self._clock = clock
        self._seconds = seconds

    def __call__(self) -> str:
        self.calls += 1
        if self._clock is not None:
            self._clock.sleep(self._seconds)
        if self.calls <= self._failures:
            raise self._error or ConnectionError(f"call {self.calls}")
        return "ok"

    async def later(self) -> str:
        """Fail or succeed, likewise."""
        return self()


def make_policy(**options: Any) -> RetryPolicy:
    """Return a policy that tries again after a ConnectionError, a second later, unless the options say otherwise."""
    return RetryPolicy(**{"decide": decide_by(ConnectionError), "operation": "deploy", "backoff": STEADY} | options)


def make_flow(clock: FakeClock, **options: Any) -> Flow:
    """Return the flow of such a policy; breaker, budget and listeners are options too."""
    parts = {name: options.pop(name) for name in ("breaker", "budget", "listeners") if name in options}
    return Flow(make_policy(**options), clock=clock, draw=lambda: 0.5, **parts)


def make_executor(clock: FakeClock, **options: Any) -> Executor:
    """Return an executor of such a flow, whose waits put the clock forward."""
    return Executor(make_flow(clock, **options), Naps(sleep=clock.sleep, asleep=clock.asleep))
