"""A circuit breaker around calls: thread-safe, for functions and coroutines."""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from types import CoroutineType
from typing import Any, ParamSpec, TypeVar, cast

from ...core.errors import CircuitOpenError
from ..callables import makes_coroutine, refuse_undecoratable
from ..listeners import tell_all
from ..tally import Tally
from .circuit import CLOSED, DISABLED, FORCED_OPEN, Circuit, Outcome, Permit, State
from .events import BreakerChanged, BreakerEvent, BreakerRefused
from .exported import export_circuit, read_exported
from .judgement import Judge, Judgement, judge_by_kind
from .options import BreakerOptions
from .status import BreakerStatus, describe_circuit

P = ParamSpec("P")
T = TypeVar("T")

Listener = Callable[[BreakerEvent], None]


class CircuitBreaker:
    """Refuse calls of an operation that keeps failing, and try it again after a while.

    ``judge`` says what an error counts as: ``failure``, ``ignored`` (not the other side's fault) or ``cancelled``; what
    it raises is logged. The lock is held around bookkeeping only, never during a call. Listeners are called after it,
    in the thread that caused the event; what they raise is logged too. ``clock`` is monotonic, in seconds.
    """

    def __init__(
        self,
        operation: str = "default",
        options: BreakerOptions | None = None,
        *,
        judge: Judge = judge_by_kind,
        clock: Callable[[], float] = time.monotonic,
        listeners: tuple[Listener, ...] = (),
    ) -> None:
        self.operation = operation
        self._circuit = Circuit(options or BreakerOptions())
        self._judgement = Judgement(judge, operation)
        self._clock = clock
        self._listeners = list(listeners)
        self._lock = threading.Lock()
        self._quick_successes = Tally()
        self._taken_over = 0
        self.count_success = self._quick_successes.add
        """Report the success of a call that had the ``quick_permit``."""
        self.closed_permit: Permit | None = None
        """The permit of every call while the circuit is closed, so that those need no lock to go in."""
        self.quick_permit: Permit | None = None
        """The closed permit, while a success changes nothing but a count, so that it needs no lock either."""
        self._update()

    @property
    def options(self) -> BreakerOptions:
        """How it behaves."""
        return self._circuit.options

    @property
    def state(self) -> State:
        """The state right now; an open circuit is half open from the first call after its time on."""
        return self._circuit.state

    @property
    def time_left(self) -> float:
        """Seconds until a call may be tried again: 0 where one may be, infinity where it is forced open."""
        return self._look(lambda circuit, now: circuit.time_left(now))

    def acquire(self) -> Permit:
        """Return a permit for one call, to be given back by ``report``; raises CircuitOpenError where it is refused."""
        return self.closed_permit or self._acquire_slowly()

    def report(self, permit: Permit, outcome: Outcome, duration: float = 0.0) -> None:
        """Say what became of a permitted call; ``duration`` in seconds, for slow calls.

        An outcome that is none counts as a failure, and is logged.
        """
        known = self._judgement.check(outcome)
        self._apply(lambda circuit, now: circuit.report(permit, known, now, duration))

    def report_success(self, permit: Permit, duration: float = 0.0) -> None:
        """Say that a permitted call succeeded: ``report`` on the shortest way, for this is what nearly all calls do."""
        if permit is self.quick_permit:
            self.count_success()
        else:
            self.report(permit, "success", duration)

    def report_error(self, permit: Permit, error: BaseException, duration: float = 0.0) -> None:
        """Say that a permitted call raised ``error``."""
        self.report(permit, self._judgement.judge(error), duration)

    def call(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Call the function and return its result; raises CircuitOpenError instead where the circuit is open.

        A coroutine that it returns counts when it ends.
        """
        permit = self.closed_permit or self._acquire_slowly()
        start = self._clock()
        try:
            result = function(*args, **kwargs)
        except BaseException as error:
            self.report_error(permit, error, self._clock() - start)
            raise
        if type(result) is CoroutineType:
            return cast("T", self._follow(cast("Awaitable[Any]", result), permit, start))
        self.report_success(permit, self._clock() - start)
        return result

    async def acall(self, function: Callable[P, Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Await the coroutine function, likewise."""
        permit = self.closed_permit or self._acquire_slowly()
        start = self._clock()
        try:
            result = await function(*args, **kwargs)
        except BaseException as error:
            self.report_error(permit, error, self._clock() - start)
            raise
        self.report_success(permit, self._clock() - start)
        return result

    def __call__(self, function: Callable[P, T]) -> Callable[P, T]:
        """Decorate a function or a coroutine function; raises UsageError for generators and what is no function."""
        refuse_undecoratable(function, "guard what it does with guarding() inside of it")
        if makes_coroutine(function):

            @functools.wraps(function)
            async def guarded_coroutine(*args: P.args, **kwargs: P.kwargs) -> Any:
                return await self.acall(cast("Callable[P, Awaitable[Any]]", function), *args, **kwargs)

            return cast("Callable[P, T]", guarded_coroutine)

        @functools.wraps(function)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> T:
            return self.call(function, *args, **kwargs)

        return guarded

    @contextmanager
    def guarding(self) -> Iterator[None]:
        """Guard a block, as one call; also around ``await``."""
        permit, start = self.acquire(), self._clock()
        try:
            yield
        except BaseException as error:
            self.report_error(permit, error, self._clock() - start)
            raise
        self.report_success(permit, self._clock() - start)

    def force_open(self) -> None:
        """Refuse all calls until somebody closes or resets it."""
        self._apply(lambda circuit, now: circuit.force(FORCED_OPEN, now))

    def force_close(self) -> None:
        """Let calls through and forget what was; it may open again."""
        self._apply(lambda circuit, now: circuit.force(CLOSED, now))

    def disable(self) -> None:
        """Let all calls through and count none of them."""
        self._apply(lambda circuit, now: circuit.force(DISABLED, now))

    def reset(self) -> None:
        """Start anew, counters included."""
        self._apply(lambda circuit, now: circuit.reset(now))

    def add_listener(self, listener: Listener) -> None:
        """Have a function called with every event."""
        self._listeners.append(listener)

    def status(self) -> BreakerStatus:
        """Return everything that can be told of the circuit."""
        return self._look(lambda circuit, now: describe_circuit(self.operation, circuit, now))

    def export_state(self) -> dict[str, Any]:
        """Return the state, JSON-ready, with the time on this clock."""
        return {"operation": self.operation, **self._look(export_circuit)}

    def import_state(self, document: Mapping[str, Any]) -> None:
        """Take over an exported state, of this or another process; its times are moved to this clock.

        Raises UsageError, and changes nothing, where it is damaged or that of another kind of trip.
        """

        def take_over(circuit: Circuit, now: float) -> None:
            other, then = read_exported(self.options, document)
            circuit.adopt(other, now - then)

        self._apply(take_over)

    async def _follow(self, coroutine: Awaitable[Any], permit: Permit, start: float) -> Any:
        """Await what a permitted call returned, and report what becomes of it."""
        try:
            result = await coroutine
        except BaseException as error:
            self.report_error(permit, error, self._clock() - start)
            raise
        self.report_success(permit, self._clock() - start)
        return result

    def _acquire_slowly(self) -> Permit:
        permit, wait = self._apply(lambda circuit, now: (circuit.admit(now), circuit.time_left(now)))
        if permit is None:
            tell_all(self._listeners, BreakerRefused(self.operation, wait))
            raise CircuitOpenError(self.operation, wait)
        return permit

    def _look(self, work: Callable[[Circuit, float], T]) -> T:
        """Return what ``work`` reads from the circuit at this moment; it changes nothing."""
        with self._lock:
            self._take_over_successes()
            return work(self._circuit, self._clock())

    def _apply(self, work: Callable[[Circuit, float], T]) -> T:
        """Return what ``work`` makes of the circuit at this moment, and tell where it changed its state."""
        with self._lock:
            circuit = self._circuit
            before = circuit.state
            self._take_over_successes()
            result = work(circuit, self._clock())
            after, failures = self._update(), circuit.counters.failures
        self._tell_change(before, after, failures)
        return result

    def _tell_change(self, before: State, after: State, failures: int) -> None:
        if before != after:
            tell_all(self._listeners, BreakerChanged(self.operation, before, after, failures))

    def _take_over_successes(self) -> None:
        """Add the successes that were counted without the lock; the lock is held."""
        successes = self._quick_successes.read()
        self._circuit.counters.successes += successes - self._taken_over
        self._taken_over = successes

    def _update(self) -> State:
        """Hand out the permits of a closed circuit, or none, and return the state; the lock is held."""
        circuit, known = self._circuit, self.closed_permit
        if circuit.state not in (CLOSED, DISABLED):
            self.closed_permit = None
        elif known is None or known.generation != circuit.generation:
            self.closed_permit = Permit(circuit.generation)
        self.quick_permit = None if circuit.heeds_successes else self.closed_permit
        return circuit.state
