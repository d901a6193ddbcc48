"""Classifier and rules as the deciders of other retry libraries."""

from __future__ import annotations

from ..actions.retry import On
from ..actions.retry.adapters import BackoffGiveup, StaminaHook, TenacityStrategies
from ..core.types import Context, Effect
from .retry_policies import make_policy
from .spans import Span


def make_tenacity_strategies(
    operation: str,
    *,
    on: On | None = None,
    attempts: int | None = None,
    timeout: Span | None = None,
    effect: Effect | None = None,
    context: Context | None = None,
) -> TenacityStrategies:
    """Return ``retry``, ``wait`` and ``stop`` for tenacity; the options are those of ``errclass.retry``.

    Raises MissingExtraError where tenacity is not installed.
    """
    policy = make_policy(
        operation,
        on=on,
        attempts=attempts,
        timeout=timeout,
        effect=effect,
        context=context,
        counts_attempts=attempts is None,
    )
    return TenacityStrategies(policy)


def make_stamina_hook(
    operation: str, *, on: On | None = None, effect: Effect | None = None, context: Context | None = None
) -> StaminaHook:
    """Return the ``on=`` for stamina, which never waits past stamina's timeout.

    Raises MissingExtraError where stamina is not installed.
    """
    return StaminaHook(make_policy(operation, on=on, effect=effect, context=context, counts_attempts=False))


def make_backoff_giveup(
    operation: str, *, on: On | None = None, effect: Effect | None = None, context: Context | None = None
) -> BackoffGiveup:
    """Return the ``giveup=`` for backoff."""
    return BackoffGiveup(make_policy(operation, on=on, effect=effect, context=context, counts_attempts=False))
