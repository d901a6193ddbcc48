"""Retries of many operations, with their breakers, budgets, counts and waits in one place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from ..actions.breaker import BreakerOptions, BreakerStatistics, CircuitBreakers
from ..actions.retry import (
    ActiveRetry,
    Backoff,
    BudgetOptions,
    Executor,
    Flow,
    Listener,
    Naps,
    On,
    RetryEvent,
    RetryPolicy,
    RetryScheduled,
    RetryStatistics,
    RetryStopped,
    decide_by,
)
from ..core.errors import UsageError
from ..core.types import Context
from .retry_decider import RetryDecider
from .retry_shared import RetryShared

T = TypeVar("T")

UNNAMED = "default"
"""Operation of a context that names none."""
_NO_CONTEXT = Context()


@dataclass(frozen=True, slots=True)
class SystemStatistics:
    """Sum up what a system has done."""

    total: RetryStatistics
    by_operation: Mapping[str, RetryStatistics]
    by_type: Mapping[str, int]
    """Failed attempts by the type that they were decided to be."""
    breakers: BreakerStatistics


class IntelligentRetrySystem:
    """Execute operations, and execute them again while the classifier and the rules find it worth it.

    ``attempts`` counts calls (the seed's ``max_retries`` plus one), ``timeout`` is a deadline in seconds over all of
    them; without ``attempts``, ``backoff`` and ``on`` the decision plans. Each operation has a circuit breaker and a
    budget of its own, unless they are ``None``. With ``shared`` they are kept in the outcome store, so that all
    processes that use it share them. Safe to share between threads and tasks.
    """

    def __init__(  # noqa: PLR0913 - all of it is optional
        self,
        *,
        on: On | None = None,
        attempts: int | None = None,
        max_retries: int | None = None,
        timeout: float | None = None,
        attempt_timeout: float | None = None,
        backoff: Backoff | None = None,
        breaker: BreakerOptions | None = BreakerOptions(),  # noqa: B008 - it is frozen
        budget: BudgetOptions | None = BudgetOptions(),  # noqa: B008 - likewise
        shared: bool = False,
        listeners: tuple[Listener, ...] = (),
        naps: Naps | None = None,
    ) -> None:
        if attempts is not None and max_retries is not None:
            raise UsageError("give attempts (calls in all) or max_retries (calls after the first), not both")
        self._attempts = max_retries + 1 if max_retries is not None else attempts
        self._on = on
        self._limits = (timeout, attempt_timeout, backoff)
        self._has_breaker, self._has_budget = breaker is not None, budget is not None
        self._shared = _make_shared(breaker, budget, naps, shared=shared)
        self._by_type: Counter[str] = Counter()
        self._executors: dict[str, tuple[Context, Executor]] = {}
        self._shared.add_listener(self._count)
        for listener in listeners:
            self._shared.add_listener(listener)

    def execute_with_retry(self, operation: Callable[[], T], context: Context | None = None) -> T:
        """Call ``operation`` until it succeeds or another attempt is not worth it; raises its last error then.

        ``context`` says what it is: its ``operation`` names the breaker, the budget and the counts; its ``effect``
        whether it may be called again at all. Raises CircuitOpenError where its breaker refuses an attempt.
        """
        return self._find_executor(context or _NO_CONTEXT).call(operation)

    async def aexecute_with_retry(self, operation: Callable[[], Awaitable[T]], context: Context | None = None) -> T:
        """Await ``operation()``, likewise."""
        return await self._find_executor(context or _NO_CONTEXT).acall(operation)

    def get_statistics(self) -> SystemStatistics:
        """Return counts of all calls, failed attempts by type, and the breakers' sums."""
        by_operation = self._shared.statistics()
        total = sum(by_operation.values(), RetryStatistics())
        return SystemStatistics(total, by_operation, dict(self._by_type), self._shared.breakers.statistics())

    def get_active_retries(self) -> tuple[ActiveRetry, ...]:
        """Return the calls that wait for their next attempt."""
        return self._shared.naps.active()

    def cancel_retry(self, number: int) -> bool:
        """End a waiting call: it raises its last error at once. Returns False where no such call waits."""
        return self._shared.naps.cancel(number)

    def add_listener(self, listener: Listener) -> None:
        """Have a function called with every event."""
        self._shared.add_listener(listener)

    def reset(self) -> None:
        """Start anew: counts, budgets and breakers."""
        self._by_type.clear()
        self._executors.clear()
        self._shared.reset()

    @property
    def breakers(self) -> CircuitBreakers:
        """The circuit breakers, by operation."""
        return self._shared.breakers

    def _find_executor(self, context: Context) -> Executor:
        """Return the executor of the operation's latest context, as calls come one after the other with the same."""
        name = context.operation or UNNAMED
        known = self._executors.get(name)
        if known is not None and (known[0] is context or known[0] == context):
            return known[1]
        executor = self._make_executor(name, context)
        self._executors[name] = (context, executor)
        return executor

    def _make_executor(self, name: str, context: Context) -> Executor:
        timeout, attempt_timeout, backoff = self._limits
        policy = RetryPolicy(
            decide=self._choose_decider(context),
            operation=name,
            effect=context.effect,
            attempts=self._attempts,
            timeout=timeout,
            attempt_timeout=attempt_timeout,
            backoff=backoff,
        )
        flow = Flow(
            policy,
            breaker=self._shared.breakers.of(name) if self._has_breaker else None,
            budget=self._shared.budget_of(name) if self._has_budget else None,
            counter=self._shared.counter_of(name),
            listeners=(self._shared.tell,),
        )
        return Executor(flow, self._shared.naps)

    def _choose_decider(self, context: Context) -> Any:
        if self._on is not None:
            return decide_by(self._on)
        return RetryDecider(context, counts_attempts=self._attempts is None)

    def _count(self, event: RetryEvent) -> None:
        if isinstance(event, RetryScheduled | RetryStopped) and event.kind:
            self._by_type[event.kind] += 1


def _make_shared(
    breaker: BreakerOptions | None, budget: BudgetOptions | None, naps: Naps | None, *, shared: bool
) -> RetryShared:
    if not shared:
        return RetryShared(breakers=CircuitBreakers(breaker), budget=budget, naps=naps)
    from .settings import load_settings
    from .wiring import open_store

    store = open_store(load_settings())
    return RetryShared(breakers=CircuitBreakers(breaker, keeper=store), budget=budget, naps=naps, keeper=store)
