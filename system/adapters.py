"""Classifier and rules as the deciders of other retry libraries."""

from __future__ import annotations

from dataclasses import replace

from ..actions.retry import On, RetryPolicy, decide_by
from ..actions.retry.adapters import BackoffGiveup, StaminaHook, TenacityStrategies
from ..core.types import Context, Effect
from .retry_decider import RetryDecider


def make_tenacity_strategies(
    operation: str,
    *,
    on: On | None = None,
    attempts: int | None = None,
    timeout: float | None = None,
    effect: Effect | None = None,
    context: Context | None = None,
) -> TenacityStrategies:
    """Return ``retry``, ``wait`` and ``stop`` for tenacity; the options are those of ``errclass.retry``.

    Raises MissingExtraError where tenacity is not installed.
    """
    policy = _make_policy(operation, on, effect, context, counts_attempts=attempts is None)
    return TenacityStrategies(replace(policy, attempts=attempts, timeout=timeout))


def make_stamina_hook(
    operation: str, *, on: On | None = None, effect: Effect | None = None, context: Context | None = None
) -> StaminaHook:
    """Return the ``on=`` for stamina, which never waits past stamina's timeout.

    Raises MissingExtraError where stamina is not installed.
    """
    return StaminaHook(_make_policy(operation, on, effect, context, counts_attempts=False))


def make_backoff_giveup(
    operation: str, *, on: On | None = None, effect: Effect | None = None, context: Context | None = None
) -> BackoffGiveup:
    """Return the ``giveup=`` for backoff."""
    return BackoffGiveup(_make_policy(operation, on, effect, context, counts_attempts=False))


def _make_policy(
    operation: str, on: On | None, effect: Effect | None, context: Context | None, *, counts_attempts: bool
) -> RetryPolicy:
    given = context or Context()
    decide = decide_by(on) if on is not None else RetryDecider(given, counts_attempts=counts_attempts)
    return RetryPolicy(decide, operation, effect=effect or given.effect)
