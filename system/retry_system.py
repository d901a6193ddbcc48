"""Retries of many operations, with their breakers, budgets, counts and waits in one place."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from ..actions.breaker import UNNAMED, BreakerOptions
from ..actions.retry import Backoff, BudgetOptions, Executor, Naps, On
from ..actions.retry.option_checks import check_count
from ..core.errors import UsageError
from .retry_policies import check_context, make_decider, make_policy
from .retry_shared import RetryShared
from .spans import Span

if TYPE_CHECKING:
    from ..actions.hooks import Listener
    from ..actions.state_keeper import StateKeeper
    from ..core.types import Context

T = TypeVar("T")


class IntelligentRetrySystem(RetryShared):
    """Execute operations, and execute them again while the classifier and the rules find it worth it.

    ``attempts`` counts calls (the seed's ``max_retries`` plus one), ``timeout`` is one deadline over all of them, in
    seconds or as a text such as ``30s``; without ``attempts``, ``backoff`` and ``on`` the decision plans. Each
    operation has a circuit breaker, by default as the settings say, and a budget of its own, unless they are ``None``.
    With ``shared`` they are kept in the outcome store, so that all processes that use it share them. ``listeners`` hear
    the events of retries and of breakers. Safe to share between threads and tasks. Raises UsageError for options that
    make no sense.
    """

    def __init__(  # noqa: PLR0913 - all of it is optional
        self,
        *,
        on: On | None = None,
        attempts: int | None = None,
        max_retries: int | None = None,
        timeout: Span | None = None,
        attempt_timeout: Span | None = None,
        backoff: Backoff | None = None,
        breaker: BreakerOptions | Literal["settings"] | None = "settings",
        budget: BudgetOptions | None = BudgetOptions(),  # noqa: B008 - it is frozen
        shared: bool = False,
        listeners: tuple[Listener, ...] = (),
        naps: Naps | None = None,
    ) -> None:
        if breaker != "settings":
            _check_options("breaker", breaker, BreakerOptions)
        _check_options("budget", budget, BudgetOptions)
        self._on = on
        self._policy = make_policy(
            UNNAMED,
            on=on,
            attempts=_count_calls(attempts, max_retries),
            timeout=timeout,
            attempt_timeout=attempt_timeout,
            backoff=backoff,
            counts_attempts=True,
        )
        self._has_breaker, self._has_budget = breaker is not None, budget is not None
        super().__init__(breaker=breaker, budget=budget, naps=naps, keeper=_open_keeper() if shared else None)
        self._executors: dict[str, tuple[Context | None, Executor]] = {}
        for listener in listeners:
            self.add_listener(listener)

    def execute_with_retry(self, operation: Callable[[], T], context: Context | None = None) -> T:
        """Call ``operation`` until it succeeds or another attempt is not worth it; raises its last error then.

        ``context`` says what it is: its ``operation`` names the breaker, the budget and the counts; its ``effect``
        whether it may be called again at all. Raises CircuitOpenError where its breaker refuses an attempt, and
        UsageError where the result is a coroutine.
        """
        return self._find_executor(context).call(operation)

    async def aexecute_with_retry(self, operation: Callable[[], Awaitable[T]], context: Context | None = None) -> T:
        """Await ``operation()``, likewise."""
        return await self._find_executor(context).acall(operation)

    def _find_executor(self, context: Context | None) -> Executor:
        """Return the executor of the operation's latest context, as calls come one after the other with the same."""
        check_context(context)
        name = (context.operation if context is not None else None) or UNNAMED
        known = self._executors.get(name)
        if known is not None and (known[0] is context or known[0] == context):
            return known[1]
        executor = self._make_executor(name, context)
        self._executors[name] = (context, executor)
        return executor

    def _make_executor(self, name: str, context: Context | None) -> Executor:
        decide = make_decider(self._on, context, counts_attempts=self._policy.attempts is None)
        effect = context.effect if context is not None else None
        policy = replace(self._policy, decide=decide, operation=name, effect=effect)
        return Executor(self.make_flow(policy, self._has_breaker, self._has_budget, context), self.naps)


def _count_calls(attempts: int | None, max_retries: int | None) -> int | None:
    if max_retries is None:
        return attempts
    if attempts is not None:
        raise UsageError("give attempts (calls in all) or max_retries (calls after the first), not both")
    check_count("max_retries", max_retries, least=0)
    return max_retries + 1


def _check_options(name: str, options: Any, kind: type) -> None:
    if not (options is None or isinstance(options, kind)):
        raise UsageError(f"{name}: give {kind.__name__}, or None for no {name}, not {options!r}")


def _open_keeper() -> StateKeeper:
    from .settings import load_settings
    from .wiring import open_store

    return open_store(load_settings())
