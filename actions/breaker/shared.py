"""A circuit breaker whose state all processes of a store share, such as the jobs of a CI system."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from ...core.errors import StoreError, UsageError
from ..loss_notice import LossNotice
from ..state_keeper import MOST_SKEW, StateKeeper
from .breaker import CircuitBreaker, Listener
from .circuit import CLOSED, DISABLED, Circuit, Permit, State
from .exported import export_circuit, read_exported
from .judgement import Judge, judge_by_kind
from .options import BreakerOptions

T = TypeVar("T")

KIND = "breaker"


class SharedCircuitBreaker(CircuitBreaker):
    """Behave as a ``CircuitBreaker`` of which every change is one transaction in a store.

    Times are the wall clock's, and stand still while a clock is a little behind another one. A state that comes from
    further ahead is moved to one's own clock, so that an open circuit is half open after its time by everybody's own
    clock; whoever is ahead may try sooner. A damaged state starts anew. Where the store cannot be used the process
    decides by what it saw itself. Both are logged once, as ``errclass.shared_state_lost``.
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
        super().__init__(operation, options, judge=judge, clock=clock, listeners=listeners)
        self._keeper = keeper
        self._loss = LossNotice(f"the breaker of {operation}")
        self.closed_permit = self.quick_permit = None  # every call asks the store

    @property
    def state(self) -> State:
        """The state right now."""
        return self._look(lambda circuit, _: circuit.state)

    def acquire(self) -> Permit:
        """Return a permit for one call; raises CircuitOpenError where it is refused. A closed circuit is only read."""
        permit = self._look(_permit_if_closed)
        return permit or self._acquire_slowly()

    def report_success(self, permit: Permit, duration: float = 0.0) -> None:
        """Say that a permitted call succeeded."""
        self.report(permit, "success", duration)

    def _look(self, work: Callable[[Circuit, float], T]) -> T:
        try:
            state = self._keeper.read_state(KIND, self.operation)
        except StoreError as error:
            self._loss.tell(error)
            return super()._look(work)
        return work(*self._restore(state))

    def _apply(self, work: Callable[[Circuit, float], T]) -> T:
        def change(state: Mapping[str, Any] | None) -> tuple[Mapping[str, Any], tuple[T, State, State, int]]:
            circuit, now = self._restore(state)
            before = circuit.state
            result = work(circuit, now)
            return export_circuit(circuit, now), (result, before, circuit.state, circuit.counters.failures)

        try:
            result, before, after, failures = self._keeper.change_state(KIND, self.operation, change)
        except StoreError as error:
            self._loss.tell(error)
            return super()._apply(work)
        self._tell_change(before, after, failures)
        return result

    def _restore(self, state: Mapping[str, Any] | None) -> tuple[Circuit, float]:
        """Return the shared circuit and the time; a damaged one starts anew rather than stop anybody."""
        now = self._clock()
        if state is None:
            return Circuit(self.options), now
        try:
            circuit, then = read_exported(self.options, state)
        except UsageError as error:
            self._loss.tell(error)
            return Circuit(self.options), now
        if then <= now + MOST_SKEW:
            return circuit, max(now, then)
        circuit.move(now - then)
        return circuit, now

    def _update(self) -> State:
        return self._circuit.state


def _permit_if_closed(circuit: Circuit, _: float) -> Permit | None:
    return Permit(circuit.generation) if circuit.state in (CLOSED, DISABLED) else None
