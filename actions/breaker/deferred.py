"""A circuit breaker whose options are asked for when they first matter."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from .breaker import CircuitBreaker
from .circuit import DISABLED, Circuit
from .options import BreakerOptions

if TYPE_CHECKING:
    from .circuit import State

T = TypeVar("T")

ChooseOptions = Callable[[], BreakerOptions | None]
"""Returns how a breaker is to behave; None where it is to count nothing and let every call through."""


class DeferredCircuitBreaker(CircuitBreaker):
    """Ask ``choose`` for the options at the first result that is no success, or when somebody looks or steers.

    Until then all calls succeed, on which a breaker of any options lets them through.
    """

    def __init__(self, operation: str, choose: ChooseOptions, **rest: Any) -> None:
        self._choose = choose
        self._is_choosing = self._is_settled = False
        self._choosing = threading.RLock()  # what chooses may itself make a guarded call
        super().__init__(operation, **rest)

    @property
    def options(self) -> BreakerOptions:
        """How it behaves."""
        self._settle()
        return super().options

    @property
    def state(self) -> State:
        """The state right now, as of any breaker."""
        self._settle()
        return super().state

    def _look(self, work: Callable[[Circuit, float], T]) -> T:
        self._settle()
        return super()._look(work)

    def _apply(self, work: Callable[[Circuit, float], T]) -> T:
        self._settle()
        return super()._apply(work)

    def _settle(self) -> None:
        if self._is_settled:
            return
        with self._choosing:
            if not (self._is_settled or self._is_choosing):
                self._is_choosing = True
                self._take_on(self._choose())
                self._is_settled = True

    def _take_on(self, options: BreakerOptions | None) -> None:
        """Go on as a breaker of these options; permits that are out stay good."""
        with self._lock:
            self._circuit = Circuit(options or BreakerOptions())
            if options is None:
                self._circuit.force(DISABLED, self._clock())
            self._update()
