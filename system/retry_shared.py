"""What all retries of this process share, by operation: breakers, budgets, counts, waits, listeners."""

from __future__ import annotations

import logging
import threading

from ..actions.breaker import CircuitBreakers
from ..actions.retry import (
    BudgetOptions,
    CallCounter,
    Listener,
    Naps,
    RetryBudget,
    RetryEvent,
    RetryScheduled,
    RetryStatistics,
    RetryStopped,
    SharedRetryBudget,
)
from ..actions.state_keeper import StateKeeper

_log = logging.getLogger("errclass")


class RetryShared:
    """Make and keep what belongs to each operation; safe to share between threads."""

    def __init__(
        self,
        *,
        breakers: CircuitBreakers | None = None,
        budget: BudgetOptions | None = None,
        naps: Naps | None = None,
        keeper: StateKeeper | None = None,
    ) -> None:
        self.breakers = breakers or CircuitBreakers()
        self.naps = naps or Naps()
        self._budget = budget
        self._keeper = keeper
        self._budgets: dict[str, RetryBudget] = {}
        self._counters: dict[str, CallCounter] = {}
        self._listeners: list[Listener] = []
        self._lock = threading.Lock()

    def budget_of(self, operation: str) -> RetryBudget:
        """Return the budget of an operation."""
        with self._lock:
            if operation not in self._budgets:
                self._budgets[operation] = self._make_budget(operation)
            return self._budgets[operation]

    def _make_budget(self, operation: str) -> RetryBudget:
        if self._keeper is None:
            return RetryBudget(self._budget)
        return SharedRetryBudget(self._keeper, operation, self._budget)

    def counter_of(self, operation: str) -> CallCounter:
        """Return the counts of an operation."""
        with self._lock:
            return self._counters.setdefault(operation, CallCounter())

    def statistics(self) -> dict[str, RetryStatistics]:
        """Return the counts of each operation."""
        with self._lock:
            counters = dict(self._counters)
        return {name: counter.read() for name, counter in sorted(counters.items())}

    def add_listener(self, listener: Listener) -> None:
        """Have a function called with every event of a retry; what it raises is logged."""
        self._listeners.append(listener)

    def reset(self) -> None:
        """Start anew: counts, budgets and breakers."""
        with self._lock:
            counters = list(self._counters.values())
            self._budgets.clear()
        for counter in counters:
            counter.reset()
        self.breakers.reset()

    def tell(self, event: RetryEvent) -> None:
        """Log an event and hand it to the listeners."""
        _log_event(event)
        for listener in self._listeners:
            try:
                listener(event)
            except Exception:  # noqa: BLE001 - the rim: a listener must not replace the user's own error
                _log.exception("errclass.listener_failed")


def _log_event(event: RetryEvent) -> None:
    if isinstance(event, RetryScheduled):
        _log.warning(
            "errclass.retry_scheduled: %s failed (attempt %d, %s); the next attempt is in %.4g s",
            event.operation, event.attempt, event.kind or event.error, event.wait,
        )  # fmt: skip
    elif isinstance(event, RetryStopped) and event.attempts > 1:
        _log.warning(
            "errclass.retry_stopped: %s failed %d times (%s): %s",
            event.operation, event.attempts, event.kind or event.error, event.reason,
        )  # fmt: skip


SHARED = RetryShared()
"""Of all decorators and blocks of this process."""
