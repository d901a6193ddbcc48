"""``errclass.retry`` and ``errclass.retry_context``: call again what is worth it."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Literal, ParamSpec, TypeVar, cast

from ..actions.breaker import CircuitBreaker
from ..actions.retry import Backoff, BlockAttempts, Executor, Flow, On, RetryBudget, RetryPolicy, decide_by
from ..actions.retry.backoff import Jitter
from ..core.durations import parse_duration
from ..core.errors import UsageError
from ..core.types import Context, Effect
from .retry_decider import RetryDecider
from .retry_shared import SHARED

P = ParamSpec("P")
T = TypeVar("T")

Span = float | str | timedelta
"""Seconds, a text such as ``30s`` or ``5m``, or a timedelta."""

UNNAMED_BLOCK = "block"
"""Operation of a ``retry_context`` that names none."""
_STAMINA_START, _STAMINA_CAP, _STAMINA_BASE = 0.1, 5.0, 2.0
"""What the parameters mean where only some of them are given; the values are stamina's."""


def retry(  # noqa: PLR0913 - all of it is optional, and the names are those that users of such tools know
    *,
    on: On | None = None,
    attempts: int | None = None,
    timeout: Span | None = None,
    wait_initial: Span | None = None,
    wait_max: Span | None = None,
    wait_exp_base: float | None = None,
    wait_jitter: Span | None = None,
    jitter: Jitter | Literal["decorrelated"] = "full",
    attempt_timeout: Span | None = None,
    operation: str | None = None,
    effect: Effect | None = None,
    context: Context | None = None,
    is_failure: Callable[[Any], bool] | None = None,
    breaker: bool | CircuitBreaker = False,
    budget: bool | RetryBudget = True,
) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Decorate a function, a method or a coroutine function: it is called again while that is worth it.

    ``on`` says for which errors: classes, or a function of the error that returns whether to, or seconds to wait.
    Without it the classifier and the rules decide, how often and after which waits too. ``attempts`` counts calls;
    ``timeout`` is one deadline over all attempts and waits, which no wait crosses. ``wait_initial``, ``wait_max`` and
    ``wait_exp_base`` are the exponential back-off; ``jitter`` is ``full``, ``equal``, ``decorrelated``, ``none``, or
    seconds that are added, which stamina calls ``wait_jitter``. ``is_failure`` finds results that are as bad as an
    error; the last of them is returned. ``breaker=True`` puts the circuit breaker of the operation around each call,
    and ``budget=False`` lets retries cost nothing. ``operation`` is the function's name where none is given.

    The last error is raised as it is, with a note. Errors that are no ``Exception`` (Ctrl-C, a cancelled task) pass.
    Raises UsageError for generators, and for options that make no sense.
    """
    waits = (wait_initial, wait_max, wait_exp_base, wait_jitter, jitter)

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        _refuse_generator(function)
        name = operation or ".".join(filter(None, (function.__module__, function.__qualname__)))
        policy = _make_policy(
            name, on, attempts, timeout, waits, attempt_timeout, effect, context or Context(), is_failure
        )
        return _wrap(function, Executor(_make_flow(policy, breaker, budget), SHARED.naps))

    return decorate


def retry_context(  # noqa: PLR0913 - as above
    *,
    on: On | None = None,
    attempts: int | None = None,
    timeout: Span | None = None,
    wait_initial: Span | None = None,
    wait_max: Span | None = None,
    wait_exp_base: float | None = None,
    wait_jitter: Span | None = None,
    jitter: Jitter | Literal["decorrelated"] = "full",
    operation: str | None = None,
    effect: Effect | None = None,
    context: Context | None = None,
    breaker: bool | CircuitBreaker = False,
    budget: bool | RetryBudget = True,
) -> BlockAttempts:
    """Try a block again: ``for attempt in errclass.retry_context(...): with attempt: ...``, or ``async for``.

    The options are those of ``retry``.
    """
    waits = (wait_initial, wait_max, wait_exp_base, wait_jitter, jitter)
    name = operation or UNNAMED_BLOCK
    policy = _make_policy(name, on, attempts, timeout, waits, None, effect, context or Context(), None)
    return BlockAttempts(_make_flow(policy, breaker, budget), SHARED.naps)


def _make_policy(
    operation: str,
    on: On | None,
    attempts: int | None,
    timeout: Span | None,
    waits: tuple[Any, ...],
    attempt_timeout: Span | None,
    effect: Effect | None,
    context: Context,
    is_failure: Callable[[Any], bool] | None,
) -> RetryPolicy:
    decider = decide_by(on) if on is not None else RetryDecider(context, counts_attempts=attempts is None)
    return RetryPolicy(
        decide=decider,
        operation=operation,
        effect=effect or context.effect,
        attempts=attempts,
        timeout=_seconds("timeout", timeout),
        attempt_timeout=_seconds("attempt_timeout", attempt_timeout),
        backoff=_make_backoff(*waits, planned=on is None),
        is_failure=is_failure,
    )


def _make_backoff(
    start: Span | None, cap: Span | None, base: float | None, added: Span | None, jitter: Any, *, planned: bool
) -> Backoff | None:
    """Return the back-off that was asked for; None where none was and the decision plans one."""
    if planned and jitter == "full" and all(value is None for value in (start, cap, base, added)):
        return None
    seconds = [_seconds(name, value) for name, value in (("wait_initial", start), ("wait_max", cap))]
    return Backoff(
        curve="decorrelated" if jitter == "decorrelated" else "exponential",
        base=_STAMINA_START if seconds[0] is None else seconds[0],
        factor=_STAMINA_BASE if base is None else base,
        cap=_STAMINA_CAP if seconds[1] is None else seconds[1],
        jitter=_choose_jitter(jitter, _seconds("wait_jitter", added)),
    )


def _choose_jitter(jitter: Any, added: float | None) -> Jitter:
    if added is not None:
        return added
    return "full" if jitter == "decorrelated" else cast("Jitter", jitter)


def _make_flow(policy: RetryPolicy, breaker: bool | CircuitBreaker, budget: bool | RetryBudget) -> Flow:  # noqa: FBT001 - as given by the user
    name = policy.operation
    return Flow(
        policy,
        breaker=SHARED.breakers.of(name) if breaker is True else (breaker or None),
        budget=SHARED.budget_of(name) if budget is True else (budget or None),
        counter=SHARED.counter_of(name),
        listeners=(SHARED.tell,),
    )


def _wrap(function: Callable[P, T], executor: Executor) -> Callable[P, T]:
    if inspect.iscoroutinefunction(function):
        wrapped = cast("Callable[P, T]", executor.awrap(function))
    else:
        wrapped = executor.wrap(function)
    functools.update_wrapper(wrapped, function)
    return wrapped


def _refuse_generator(function: Callable[..., Any]) -> None:
    if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
        raise UsageError(
            f"{function.__qualname__} is a generator: what it yielded before it failed cannot be taken back; "
            "use retry_context inside of it"
        )


def _seconds(name: str, span: Span | None) -> float | None:
    if span is None:
        return None
    if isinstance(span, timedelta):
        return span.total_seconds()
    if isinstance(span, str):
        return parse_duration(span).total_seconds()
    if isinstance(span, bool) or not isinstance(span, int | float):
        raise UsageError(f"{name}: give seconds, a text such as '30s', or a timedelta, not {span!r}")
    return float(span)
