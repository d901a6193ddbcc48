"""One circuit breaker per operation."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from ...core.errors import UsageError
from ..state_keeper import StateKeeper
from .breaker import CircuitBreaker, Listener
from .deferred import ChooseOptions, DeferredCircuitBreaker
from .exported import read_exported
from .judgement import Judge, judge_by_kind
from .options import BreakerOptions
from .shared import SharedCircuitBreaker
from .status import BreakerStatistics, BreakerStatus, sum_up

UNNAMED = "default"
"""Operation of calls that name none."""


class CircuitBreakers:
    """Make and keep the breaker of each operation, all with the same options unless ``special`` has others for it.

    ``options`` may be a function, which is asked when they first matter. With ``keeper`` their state is kept there, for
    all processes that use it; then they are to be known.
    """

    def __init__(
        self,
        options: BreakerOptions | ChooseOptions | None = None,
        *,
        special: Mapping[str, BreakerOptions] | None = None,
        judge: Judge = judge_by_kind,
        clock: Callable[[], float] | None = None,
        listeners: tuple[Listener, ...] = (),
        keeper: StateKeeper | None = None,
    ) -> None:
        self._options = options or BreakerOptions()
        self._special = dict(special or {})
        self._judge = judge
        self._clock = clock
        self._listeners = listeners
        self._keeper = keeper
        self._breakers: dict[str, CircuitBreaker] = {}
        self._lock = threading.Lock()

    def of(self, operation: str | None) -> CircuitBreaker:
        """Return the breaker of an operation; it is made at the first question."""
        name = operation or UNNAMED
        return self._breakers.get(name) or self._make(name)

    def statuses(self) -> dict[str, BreakerStatus]:
        """Return the status of each circuit by its operation."""
        return {name: breaker.status() for name, breaker in sorted(self._copy().items())}

    def statistics(self) -> BreakerStatistics:
        """Return the sums over all circuits."""
        return sum_up(list(self.statuses().values()))

    def reset(self, operation: str | None = None) -> None:
        """Start one circuit anew, or all of them."""
        for name, breaker in self._copy().items():
            if operation is None or name == operation:
                breaker.reset()

    def export_state(self) -> dict[str, Any]:
        """Return the state of all circuits, JSON-ready."""
        return {name: breaker.export_state() for name, breaker in self._copy().items()}

    def import_state(self, document: Mapping[str, Any]) -> None:
        """Take over exported states; raises UsageError, and changes none, where one is damaged."""
        if not isinstance(document, Mapping):
            raise UsageError("the states of breakers are a mapping by operation; export them anew")
        for name, state in document.items():
            read_exported(self._read_options(name), state)
        for name, state in document.items():
            self.of(name).import_state(state)

    def _copy(self) -> dict[str, CircuitBreaker]:
        with self._lock:
            return dict(self._breakers)

    def _choose_options(self, name: str) -> BreakerOptions | ChooseOptions:
        return self._special.get(name, self._options)

    def _read_options(self, name: str) -> BreakerOptions:
        options = self._choose_options(name)
        return (options() or BreakerOptions()) if callable(options) else options

    def _make(self, name: str) -> CircuitBreaker:
        with self._lock:
            if name not in self._breakers:
                self._breakers[name] = self._build(name, self._choose_options(name))
            return self._breakers[name]

    def _build(self, name: str, options: BreakerOptions | ChooseOptions) -> CircuitBreaker:
        usual = time.monotonic if self._keeper is None else time.time
        rest: dict[str, Any] = {"judge": self._judge, "clock": self._clock or usual, "listeners": self._listeners}
        if callable(options):
            return DeferredCircuitBreaker(name, options, **rest)
        if self._keeper is None:
            return CircuitBreaker(name, options, **rest)
        return SharedCircuitBreaker(self._keeper, name, options, **rest)
