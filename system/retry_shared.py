"""What retries share, by operation: breakers, budgets, counts, waits, listeners."""

from __future__ import annotations

import functools
import logging
import threading
from collections import Counter
from typing import TYPE_CHECKING, Literal

from ..actions.breaker import BreakerOptions, CircuitBreaker, CircuitBreakers
from ..actions.breaker.status import sum_up
from ..actions.listeners import tell_all
from ..actions.retry import (
    ActiveRetry,
    BudgetOptions,
    CallCounter,
    Flow,
    Naps,
    RetryBudget,
    RetryPolicy,
    RetryScheduled,
    RetryStatistics,
    RetryStopped,
    SharedRetryBudget,
)
from ..core.errors import ErrclassError, UsageError
from .breaker_choice import choose_breaker, read_settings_for_retries
from .system_statistics import SystemStatistics

if TYPE_CHECKING:
    from ..actions.hooks import Event, Listener
    from ..actions.state_keeper import StateKeeper
    from ..core.types import Context
    from .settings import Settings

_log = logging.getLogger("errclass")

BreakerChoice = bool | BreakerOptions | CircuitBreaker | None
"""True: the one that the settings say; options: one with these; False and None: none."""
BudgetChoice = bool | BudgetOptions | RetryBudget | None
"""Likewise."""

_Place = tuple[str | None, str | None]
"""A component and an environment, which settings may know."""
_ANYWHERE: _Place = (None, None)


class RetryShared:
    """Hold what retries share, and say what they have done and are doing; safe to share between threads and tasks."""

    def __init__(
        self,
        *,
        breaker: BreakerOptions | Literal["settings"] | None = None,
        budget: BudgetOptions | None = None,
        naps: Naps | None = None,
        keeper: StateKeeper | None = None,
    ) -> None:
        self.naps = naps or Naps()
        self._keeper = keeper
        self._wanted_breaker, self._usual_budget = breaker, budget or BudgetOptions()
        self._breakers: dict[BreakerOptions | _Place, CircuitBreakers] = {}
        self._budgets: dict[tuple[str, BudgetOptions], RetryBudget] = {}
        self._counters: dict[str, CallCounter] = {}
        self._by_type: Counter[str] = Counter()
        self._listeners: tuple[Listener, ...] = ()
        self._lock = threading.Lock()

    @property
    def breakers(self) -> CircuitBreakers:
        """The circuit breakers with the usual options, by operation."""
        if self._wanted_breaker != "settings":
            return self._find_breakers(self._wanted_breaker or BreakerOptions())
        if self._keeper is None:
            return self._find_breakers(_ANYWHERE)
        return self._find_breakers(self._read_options(_ANYWHERE) or BreakerOptions())

    def breaker_of(self, operation: str, options: BreakerOptions | None = None) -> CircuitBreaker:
        """Return the circuit breaker of an operation: one for each options that were asked for."""
        return (self.breakers if options is None else self._find_breakers(options)).of(operation)

    def budget_of(self, operation: str, options: BudgetOptions | None = None) -> RetryBudget:
        """Return the budget of an operation: one for each options that were asked for."""
        chosen = options or self._usual_budget
        with self._lock:
            if (operation, chosen) not in self._budgets:
                self._budgets[operation, chosen] = self._make_budget(operation, chosen)
            return self._budgets[operation, chosen]

    def make_flow(
        self,
        policy: RetryPolicy,
        breaker: BreakerChoice,
        budget: BudgetChoice,
        context: Context | None = None,
        listeners: tuple[Listener, ...] = (),
    ) -> Flow:
        """Return what surrounds the attempts of an operation; raises UsageError for what is no breaker or budget.

        ``context`` says which settings hold for its breaker; ``listeners`` hear its events too.
        """
        with self._lock:
            counter = self._counters.setdefault(policy.operation, CallCounter())
        return Flow(
            policy,
            breaker=self._choose_breaker(policy.operation, breaker, context),
            budget=self._choose_budget(policy.operation, budget),
            counter=counter,
            listeners=(self.tell, *listeners),
        )

    def get_statistics(self) -> SystemStatistics:
        """Return counts of all calls, failed attempts by type, and the breakers' sums."""
        with self._lock:
            counters, by_type, groups = dict(self._counters), dict(self._by_type), list(self._breakers.values())
        by_operation = {name: counter.read() for name, counter in sorted(counters.items())}
        circuits = [status for group in groups for status in group.statuses().values()]
        return SystemStatistics(sum(by_operation.values(), RetryStatistics()), by_operation, by_type, sum_up(circuits))

    def get_active_retries(self) -> tuple[ActiveRetry, ...]:
        """Return the calls that wait for their next attempt."""
        return self.naps.active()

    def cancel_retry(self, number: int) -> bool:
        """End a waiting call, by its ``id``: it raises its last error at once. False where no such call waits."""
        return self.naps.cancel(number)

    def add_listener(self, listener: Listener) -> None:
        """Have a function called with every event of retries and their breakers; what it raises is logged."""
        if not callable(listener):
            raise UsageError(f"listener: give a function of the event, not {listener!r}")
        with self._lock:
            self._listeners = (*self._listeners, listener)

    def remove_listener(self, listener: Listener) -> None:
        """Have it called no more."""
        with self._lock:
            self._listeners = tuple(known for known in self._listeners if known != listener)

    def reset(self) -> None:
        """Start anew: counts, budgets and breakers, also those that are in use."""
        with self._lock:
            self._by_type.clear()
            counters, budgets = list(self._counters.values()), list(self._budgets.values())
            groups = list(self._breakers.values())
        for counter in counters:
            counter.reset()
        for budget in budgets:
            budget.reset()
        for group in groups:
            group.reset()

    def tell(self, event: Event) -> None:
        """Log and count an event, and hand it to each listener, whatever the others raise."""
        _log_event(event)
        if isinstance(event, RetryScheduled | RetryStopped) and event.kind:
            with self._lock:
                self._by_type[event.kind] += 1
        tell_all(self._listeners, event)

    def _find_breakers(self, wanted: BreakerOptions | _Place) -> CircuitBreakers:
        with self._lock:
            if wanted not in self._breakers:
                asked = wanted if isinstance(wanted, BreakerOptions) else functools.partial(self._read_options, wanted)
                self._breakers[wanted] = CircuitBreakers(asked, listeners=(self.tell,), keeper=self._keeper)
            return self._breakers[wanted]

    @functools.cached_property
    def _settings(self) -> Settings | None:
        return read_settings_for_retries()

    def _read_options(self, place: _Place) -> BreakerOptions | None:
        """Return what the settings want there: None for no breaker, the usual one where they cannot be read."""
        if self._settings is None:
            return BreakerOptions()
        try:
            return choose_breaker(self._settings, component=place[0], environment=place[1])
        except ErrclassError as error:  # of this component or environment alone
            _log.warning("errclass.settings_unreadable: %s", error)
            return BreakerOptions()

    def _make_budget(self, operation: str, options: BudgetOptions) -> RetryBudget:
        if self._keeper is None:
            return RetryBudget(options)
        return SharedRetryBudget(self._keeper, operation, options)

    def _choose_breaker(self, operation: str, breaker: BreakerChoice, context: Context | None) -> CircuitBreaker | None:
        if breaker is None or isinstance(breaker, CircuitBreaker):
            return breaker
        if breaker is True and self._wanted_breaker == "settings":
            return self._find_as_set(operation, context)
        if isinstance(breaker, bool):
            return self.breaker_of(operation) if breaker else None
        if not isinstance(breaker, BreakerOptions):
            raise UsageError(f"breaker: give True, False, BreakerOptions or a CircuitBreaker, not {breaker!r}")
        return self.breaker_of(operation, breaker)

    def _find_as_set(self, operation: str, context: Context | None) -> CircuitBreaker | None:
        """Return the breaker of the settings, which are read at the first failure; at once where it is shared."""
        place = _ANYWHERE if context is None else (context.component, context.environment)
        if self._keeper is None:
            return self._find_breakers(place).of(operation)
        options = self._read_options(place)
        return None if options is None else self.breaker_of(operation, options)

    def _choose_budget(self, operation: str, budget: BudgetChoice) -> RetryBudget | None:
        if budget is None or isinstance(budget, RetryBudget):
            return budget
        if isinstance(budget, bool):
            return self.budget_of(operation) if budget else None
        if not isinstance(budget, BudgetOptions):
            raise UsageError(f"budget: give True, False, BudgetOptions or a RetryBudget, not {budget!r}")
        return self.budget_of(operation, budget)


def _log_event(event: Event) -> None:
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


SHARED = RetryShared(breaker="settings")
"""Of all decorators and blocks of this process."""


def get_retries() -> RetryShared:
    """Return what all decorated functions and blocks of this process share: statistics, waiting calls, listeners."""
    return SHARED
