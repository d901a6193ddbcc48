"""``errclass.retry`` and ``errclass.retry_context``: call again what is worth it."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Never, ParamSpec, TypeVar, cast

from ..actions.breaker import UNNAMED
from ..actions.callables import makes_coroutine, refuse_undecoratable
from ..actions.retry import (
    Backoff,
    BlockAttempts,
    Executor,
    On,
)
from ..actions.retry.option_checks import check_name
from ..core.errors import UsageError
from .retry_policies import check_context, make_policy
from .retry_shared import SHARED, BreakerChoice, BudgetChoice
from .retry_waits import AnyJitter, WaitOptions
from .spans import Span

if TYPE_CHECKING:
    from ..core.types import Context, Effect

P = ParamSpec("P")
T = TypeVar("T")

_ADVICE = "use retry_context within it, around each step and not around the yield"


def retry(  # noqa: PLR0913 - all of it is optional, and the names are those that users of such tools know
    *misplaced: Never,
    on: On | None = None,
    attempts: int | None = None,
    timeout: Span | None = None,
    wait_initial: Span | None = None,
    wait_max: Span | None = None,
    wait_exp_base: float | None = None,
    wait_jitter: Span | None = None,
    jitter: AnyJitter = "full",
    backoff: Backoff | None = None,
    attempt_timeout: Span | None = None,
    operation: str | None = None,
    effect: Effect | None = None,
    context: Context | None = None,
    is_failure: Callable[[Any], bool] | None = None,
    breaker: BreakerChoice = False,
    budget: BudgetChoice = True,
) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Decorate a function, a method or a coroutine function: it is called again while that is worth it.

    ``on`` says for which errors: classes, or a function of the error that returns whether to, or seconds to wait.
    Without it the classifier and the rules decide, how often and after which waits too. ``attempts`` counts calls;
    ``timeout`` is one deadline over all attempts and waits, which no wait crosses. ``wait_initial``, ``wait_max`` and
    ``wait_exp_base`` are the exponential back-off; ``jitter`` is ``full``, ``equal``, ``decorrelated``, ``none``, or
    seconds that are added, which stamina calls ``wait_jitter``. ``backoff`` is any other, instead of these.
    ``is_failure`` finds results that are as bad as an error; the last of them is returned. ``breaker=True`` puts the
    circuit breaker of the operation around each call, and ``budget=False`` lets retries cost nothing; both take options
    too. ``operation`` is that of ``context``, or the function's name, where none is given.

    The last error is raised as it is, with a note. Errors that are no ``Exception`` (Ctrl-C, a cancelled task) pass.
    Raises UsageError for generators, and for options that make no sense.
    """
    if misplaced:
        _refuse_misplaced(misplaced[0])
    named = _find_name(operation, context)
    waits = WaitOptions(backoff, wait_initial, wait_max, wait_exp_base, wait_jitter, jitter)
    policy = make_policy(
        named or UNNAMED,
        on=on,
        attempts=attempts,
        timeout=timeout,
        attempt_timeout=attempt_timeout,
        backoff=waits.choose_backoff(planned=on is None),
        effect=effect,
        context=context,
        is_failure=is_failure,
        counts_attempts=attempts is None,
    )

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        refuse_undecoratable(function, _ADVICE)
        of_function = replace(policy, operation=named or _name_function(function))
        return _wrap(function, Executor(SHARED.make_flow(of_function, breaker, budget, context), SHARED.naps))

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
    jitter: AnyJitter = "full",
    backoff: Backoff | None = None,
    operation: str | None = None,
    effect: Effect | None = None,
    context: Context | None = None,
    breaker: BreakerChoice = False,
    budget: BudgetChoice = True,
) -> BlockAttempts:
    """Try a block again: ``for attempt in errclass.retry_context(...): with attempt: ...``, or ``async for``.

    The options are those of ``retry``, but for two: a block has no result for ``is_failure``, and nobody outside of it
    can end one attempt of it; ``asyncio.timeout`` within it can. A block that is not named is called by the module and
    the line that it stands in, such as ``shop.orders:12``.
    """
    waits = WaitOptions(backoff, wait_initial, wait_max, wait_exp_base, wait_jitter, jitter)
    policy = make_policy(
        _find_name(operation, context) or _name_caller(),
        on=on,
        attempts=attempts,
        timeout=timeout,
        backoff=waits.choose_backoff(planned=on is None),
        effect=effect,
        context=context,
        counts_attempts=attempts is None,
    )
    return BlockAttempts(SHARED.make_flow(policy, breaker, budget, context), SHARED.naps)


def _wrap(function: Callable[P, T], executor: Executor) -> Callable[P, T]:
    if makes_coroutine(function):
        wrapped = cast("Callable[P, T]", executor.awrap(cast("Callable[P, Any]", function)))
    else:
        wrapped = executor.wrap(function)
    functools.update_wrapper(wrapped, function)
    return wrapped


def _find_name(operation: str | None, context: Context | None) -> str | None:
    if operation is not None:
        check_name("operation", operation)
    check_context(context)
    return operation or (context.operation if context is not None else None)


def _name_function(function: Callable[..., Any]) -> str:
    """Return the name of a function, of that within a partial, or of an object's class."""
    inner: Any = function
    while isinstance(inner, functools.partial):
        inner = inner.func
    named = inner if isinstance(getattr(inner, "__qualname__", None), str) else type(inner)
    return ".".join(filter(None, (named.__module__, named.__qualname__)))


def _name_caller() -> str:
    """Return where the block stands: two frames up, so that only the public function may call this."""
    frame = sys._getframe(2)  # noqa: SLF001 - inspect.stack reads files
    return f"{frame.f_globals.get('__name__', '?')}:{frame.f_lineno}"


def _refuse_misplaced(found: Any) -> None:
    if callable(found) and not (isinstance(found, type) and issubclass(found, BaseException)):
        raise UsageError(f"write @errclass.retry() above {_name_function(found)}, with the parentheses")
    raise UsageError(f"errclass.retry takes its options by name, such as on=ConnectionError, and not as {found!r}")
