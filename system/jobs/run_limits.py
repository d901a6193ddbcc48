"""What all runs of an operation share in the outcome store: a circuit breaker and a budget of retries."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from ...actions.breaker import BreakerOptions, CircuitBreaker, Outcome, Permit
from ...actions.breaker.shared import SharedCircuitBreaker
from ...actions.retry.shared_budget import SharedRetryBudget
from ...actions.state_keeper import StateKeeper
from ...core.errors import CircuitOpenError, StoreError
from ...core.masking import mask_secrets
from ...core.types import Guard

T = TypeVar("T")


class RunLimits:
    """Tell whether a failed call of an operation may be made again, and report what became of each call.

    The first call of a run is the user's own wish and is always made. It needs no permit, and counts as one that
    had got it. A store that fails is asked no more: the run goes by what it saw itself.
    """

    def __init__(
        self,
        keeper: StateKeeper,
        operation: str,
        options: BreakerOptions | None = BreakerOptions(),  # noqa: B008 - it is frozen
    ) -> None:
        """``options`` are those of the breaker; without them there is none."""
        self._name = mask_secrets(operation)
        patient_no_more = _KeeperUntilFault(keeper)
        self._breaker = _make_breaker(patient_no_more, self._name, options)
        self._budget = SharedRetryBudget(patient_no_more, self._name)
        self._permit: Permit | None = None
        self._price: int | None = None

    def guard(self) -> Guard:
        """Return what the rules may know."""
        return Guard(breaker_open=self._breaker.time_left > 0, budget_spent=not self._budget.can_pay(None))

    def report(self, outcome: Outcome, seconds: float) -> None:
        """Say what became of a call that took so many seconds."""
        permit, self._permit = self._permit or self._late_permit(), None
        if permit is not None:
            self._breaker.report(permit, outcome, seconds)
        if outcome == "success":
            self._budget.refund(self._price)

    def pay(self, wait: float, kind: str) -> str:
        """Pay for a further call in ``wait`` seconds, after a failure of a type; return why it may not be made."""
        if self._breaker.time_left > wait:
            return self.explain("breaker")
        self._price = self._budget.pay(kind)
        return self.explain("budget") if self._price is None else ""

    def enter(self) -> str:
        """Take the breaker's permit for a further call; where it refuses, return why, and take the price back."""
        try:
            self._permit = self._breaker.acquire()
        except CircuitOpenError:
            self._budget.refund(self._price)
            self._price = None
            return self.explain("breaker")
        return ""

    def release(self) -> None:
        """Give back a permit that was not used, or of whose use nothing can be told."""
        if self._permit is not None:
            self._breaker.report(self._permit, "cancelled")
            self._permit = None

    def explain(self, limit: str) -> str:
        """Return a sentence about what keeps a call from being made: ``breaker`` or ``budget``."""
        if limit == "budget":
            return f"the budget of retries of {self._name} is spent, by this and other runs"
        left, breaker = self._breaker.time_left, f"the circuit breaker of {self._name}"
        if not left:
            return f"{breaker} lets one call through to try, which another run is making"
        if math.isinf(left):
            return f"{breaker} was opened by hand"
        return f"{breaker} is open for {left:.0f} s more: it failed too often just now, here and in other runs"

    def _late_permit(self) -> Permit | None:
        """Return a permit for a call that was made without one; none where it would have been refused."""
        if self._breaker.time_left > 0:
            return None
        try:
            return self._breaker.acquire()
        except CircuitOpenError:
            return None


def _make_breaker(keeper: StateKeeper, name: str, options: BreakerOptions | None) -> CircuitBreaker:
    if options is not None:
        return SharedCircuitBreaker(keeper, name, options)
    breaker = CircuitBreaker(name)
    breaker.disable()
    return breaker


class _KeeperUntilFault:
    """Ask a store until its first fault, so that a run does not wait for a broken one again and again."""

    def __init__(self, keeper: StateKeeper) -> None:
        self._keeper = keeper
        self._fault: StoreError | None = None

    def change_state(
        self, kind: str, name: str, change: Callable[[Mapping[str, Any] | None], tuple[Mapping[str, Any] | None, T]]
    ) -> T:
        return self._ask(lambda: self._keeper.change_state(kind, name, change))

    def read_state(self, kind: str, name: str) -> Mapping[str, Any] | None:
        return self._ask(lambda: self._keeper.read_state(kind, name))

    def _ask(self, work: Callable[[], T]) -> T:
        if self._fault is not None:
            raise self._fault
        try:
            return work()
        except StoreError as error:
            self._fault = error
            raise
