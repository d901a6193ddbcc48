"""One run of calls that fail as a scenario says, on a clock of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from ..actions.breaker import CircuitBreaker
from ..actions.retry import Executor, Flow, Naps, RetryBudget, RetryEvent, RetryStopped, Verdict
from .backoff_setup import BackoffSetup
from .clock import FakeClock
from .scripted_error import ScriptedError

Draw = Callable[[], float]

_FAILURE = Verdict(retry=True, kind="network")


@dataclass(slots=True)
class Rehearsal:
    """Hold what happened; times in seconds."""

    calls: int = 0
    delays: list[float] = field(default_factory=list)
    """Waits that another call followed."""
    reason: str | None = None
    """Why it stopped; None where a call succeeded."""
    after_attempt: int = 0
    """The last call that was made."""
    total: float = 0.0
    error: BaseException | None = None
    last_failure: ScriptedError | None = None


class Stage:
    """Make runs of one setup, all with the same budget and each with a clock and a breaker of its own."""

    def __init__(self, setup: BackoffSetup, draw: Draw, *, most_calls: int) -> None:
        self._setup = setup
        self._draw = draw
        self._most_calls = most_calls
        self.budget = None if setup.budget is None else RetryBudget(setup.budget)

    def rehearse(self, times: int = 1) -> list[Rehearsal]:
        """Run so many operations, one after the other, each from its first call to its end."""
        return asyncio.run(self._rehearse(times))

    async def _rehearse(self, times: int) -> list[Rehearsal]:
        return [await _Run(self._setup, self._draw, self.budget, self._most_calls).perform() for _ in range(times)]


class _Run:
    def __init__(self, setup: BackoffSetup, draw: Draw, budget: RetryBudget | None, most_calls: int) -> None:
        self._setup = setup
        self._clock = FakeClock()
        self._most_calls = most_calls
        self._waited: list[float] = []
        self._told = Rehearsal()
        breaker = None if setup.breaker is None else CircuitBreaker("scenario", setup.breaker, clock=self._clock)
        listeners = (self._listen,)
        flow = Flow(setup.policy, breaker=breaker, budget=budget, listeners=listeners, clock=self._clock, draw=draw)
        self._executor = Executor(flow, Naps(asleep=self._sleep))

    async def perform(self) -> Rehearsal:
        told = self._told
        task = asyncio.ensure_future(self._executor.acall(self._call))
        await asyncio.wait([task])
        if task.cancelled():
            told.reason = "cancelled"
        else:
            told.error = task.exception()
        told.after_attempt, told.total = told.calls, self._clock()
        return told

    async def _call(self) -> None:
        told = self._told
        told.calls += 1
        told.delays += self._waited
        self._waited.clear()
        await self._pass_time(self._setup.call_takes)
        verdict = self._choose_verdict(told.calls)
        if verdict is not None:
            told.last_failure = ScriptedError(verdict)
            raise told.last_failure

    def _choose_verdict(self, call: int) -> Verdict | None:
        failures = self._setup.failures
        if failures is None:
            return _FAILURE if call <= self._most_calls else None
        return failures[call - 1] if call <= len(failures) else None

    async def _sleep(self, seconds: float) -> None:
        self._waited.append(seconds)
        await self._pass_time(seconds)

    async def _pass_time(self, seconds: float) -> None:
        """Put the clock forward; cancel the task where its time comes before."""
        cancel_at = self._setup.cancel_at
        if cancel_at is not None and self._clock() + seconds >= cancel_at:
            self._clock.move_to(cancel_at)
            task = asyncio.current_task()
            if task is not None:
                task.cancel()
            await asyncio.sleep(0)
        self._clock.sleep(seconds)

    def _listen(self, event: RetryEvent) -> None:
        if isinstance(event, RetryStopped):
            self._told.reason = event.reason
