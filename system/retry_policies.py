"""Policies of retries, from options as programs give them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..actions.callables import makes_coroutine
from ..actions.retry import AttemptState, Backoff, Decider, On, RetryPolicy, Verdict, decide_by
from ..core.errors import UsageError
from .retry_decider import RetryDecider
from .spans import Span, to_seconds

if TYPE_CHECKING:
    from ..core.types import Context, Effect

_MISUSED = Verdict(retry=False, outcome="ignored")


def make_policy(  # noqa: PLR0913 - they are those of ``errclass.retry``
    operation: str,
    *,
    counts_attempts: bool,
    on: On | None = None,
    attempts: int | None = None,
    timeout: Span | None = None,
    attempt_timeout: Span | None = None,
    backoff: Backoff | None = None,
    effect: Effect | None = None,
    context: Context | None = None,
    is_failure: Callable[[Any], bool] | None = None,
) -> RetryPolicy:
    """Return a policy; ``counts_attempts``: whether the rules may stop after so many.

    Raises UsageError that names the option, its value and what to give.
    """
    check_context(context)
    return RetryPolicy(
        decide=make_decider(on, context, counts_attempts=counts_attempts),
        operation=operation,
        effect=context.effect if effect is None and context is not None else effect,
        attempts=attempts,
        timeout=to_seconds("timeout", timeout),
        attempt_timeout=to_seconds("attempt_timeout", attempt_timeout),
        backoff=backoff,
        is_failure=is_failure,
    )


def make_decider(on: On | None, context: Context | None, *, counts_attempts: bool) -> Decider:
    """Return who decides: ``on``, or the classifier and the rules without it."""
    if on is None:
        return _pass_misuse(RetryDecider(context, counts_attempts=counts_attempts))
    if callable(on) and makes_coroutine(on):
        raise UsageError("on: give a function of the error, not a coroutine function: nobody would await its answer")
    return _pass_misuse(decide_by(on))


def check_context(context: Any) -> None:
    """Raise UsageError for what is neither None nor a context."""
    if context is None:
        return
    from ..core.types import Context  # whoever has one has loaded it

    if not isinstance(context, Context):
        raise UsageError(f"context: give an errclass.Context, not {context!r}")


def _pass_misuse(decide: Decider) -> Decider:
    """Have errors of our own that say how to call us passed on, whatever ``decide`` thinks of them."""

    def judge(error: Exception, state: AttemptState) -> Verdict:
        return _MISUSED if isinstance(error, UsageError) else decide(error, state)

    return judge
