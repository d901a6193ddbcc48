"""A circuit breaker whose state all processes of a store share, such as the jobs of a CI system."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from ...core.errors import StoreError
from ..state_keeper import StateKeeper
from .breaker import CircuitBreaker, Judge, Listener, judge_by_kind
from .circuit import CLOSED, DISABLED, Circuit, Permit, State
from .options import BreakerOptions

T = TypeVar("T")

KIND = "breaker"
_log = logging.getLogger("errclass")


class SharedCircuitBreaker(CircuitBreaker):
    """Behave as a ``CircuitBreaker`` of which every change is one transaction in a store.

    A trial call of which nothing is heard, for its process was killed, gives its permit back after ``open_for`` unless
    ``half_open.timeout`` says otherwise. Times are the wall clock's, and never go back. Where the store cannot be used
    the process decides by what it saw itself, and logs ``errclass.shared_state_lost`` once.
    """

    def __init__(
        self,
        keeper: StateKeeper,
        operation: str = "default",
        options: BreakerOptions | None = None,
        *,
        judge: Judge = judge_by_kind,
        clock: Callable[[], float] = time.time,
        listeners: tuple[Listener, ...] = (),
    ) -> None:
        chosen = _give_up_lost_probes(options or BreakerOptions())
        super().__init__(operation, chosen, judge=judge, clock=clock, listeners=listeners)
        self._keeper = keeper
        self._told = False
        self.closed_permit = self.quick_permit = None  # every call asks the store

    @property
    def state(self) -> State:
        """The state right now."""
        return self._apply_reading(lambda circuit, _: circuit.state)

    @property
    def time_left(self) -> float:
        """Seconds until a call may be tried again: 0 where one may be, infinity where it is forced open."""
        return self._apply_reading(Circuit.time_left)

    def acquire(self) -> Permit:
        """Return a permit for one call; raises CircuitOpenError where it is refused. A closed circuit is only read."""
        permit = self._apply_reading(_permit_if_closed)
        return permit or self._acquire_slowly()

    def report_success(self, permit: Permit, duration: float = 0.0) -> None:
        """Say that a permitted call succeeded."""
        self.report(permit, "success", duration)

    def _apply_reading(self, work: Callable[[Circuit, float], T]) -> T:
        try:
            return work(*self._restore(self._keeper.read_state(KIND, self.operation)))
        except StoreError as error:
            self._tell_loss(error)
            return work(self._circuit, self._clock())

    def _apply(self, work: Callable[[Circuit, float], T]) -> T:
        def change(state: Mapping[str, Any] | None) -> tuple[Mapping[str, Any], tuple[T, State, State, int]]:
            circuit, now = self._restore(state)
            before = circuit.state
            result = work(circuit, now)
            document = {"now": now, "circuit": circuit.export()}
            return document, (result, before, circuit.state, circuit.counters.failures)

        try:
            result, before, after, failures = self._keeper.change_state(KIND, self.operation, change)
        except StoreError as error:
            self._tell_loss(error)
            return super()._apply(work)
        self._tell_change(before, after, failures)
        return result

    def _restore(self, state: Mapping[str, Any] | None) -> tuple[Circuit, float]:
        """Return the shared circuit and the time; a damaged one starts anew rather than stop anybody."""
        circuit, now = Circuit(self.options), self._clock()
        if state is None:
            return circuit, now
        try:
            circuit.restore(state["circuit"])
            return circuit, max(now, float(state["now"]))
        except (KeyError, TypeError, ValueError) as error:
            self._tell_loss(error)
            return Circuit(self.options), now

    def _update(self) -> State:
        return self._circuit.state

    def _tell_loss(self, error: Exception) -> None:
        if not self._told:
            self._told = True
            _log.warning("errclass.shared_state_lost: the breaker of %s: %s", self.operation, error)


def _permit_if_closed(circuit: Circuit, _: float) -> Permit | None:
    return Permit(circuit.generation) if circuit.state in (CLOSED, DISABLED) else None


def _give_up_lost_probes(options: BreakerOptions) -> BreakerOptions:
    half_open = options.half_open
    if half_open.timeout is not None:
        return options
    return replace(options, half_open=replace(half_open, timeout=max(options.open_for, 1.0)))
