"""Our decider and back-off as stamina's ``on=``."""

from __future__ import annotations

import inspect
import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..budget import RetryBudget
from ..policy import RetryPolicy
from .call_track import CallTrack
from .first_attempt import is_worth_another
from .libraries import import_library

if TYPE_CHECKING:
    from tenacity import RetryCallState

_NEAR = 4
"""Callers that are looked at; stamina is the first of them."""


class StaminaHook:
    """Say to stamina whether to try again, and after how many seconds: ``@stamina.retry(on=StaminaHook(policy))``.

    stamina waits as long as its hook says, past its own ``timeout`` too; so the hook stops where the wait would reach
    stamina's timeout, or that of the policy where it is shorter. Attempts are counted by stamina. Safe to share between
    functions, threads and tasks. Raises MissingExtraError where stamina is not installed.
    """

    def __init__(
        self,
        policy: RetryPolicy,
        *,
        budget: RetryBudget | None = None,
        clock: Callable[[], float] = time.monotonic,
        draw: Callable[[], float] = random.random,
    ) -> None:
        import_library("stamina")
        self._policy = replace(policy, attempts=sys.maxsize)
        self._track = CallTrack(self._limit, budget, clock=clock, draw=draw)

    def __call__(self, error: Exception) -> bool | float:
        """Return seconds to wait, or False; True (stamina's own wait) where nobody tells how much time is left."""
        state = _find_state()
        if state is None:
            return is_worth_another(self._policy, error)
        step = self._track.follow(state)
        return False if step.wait is None else float(step.wait)

    def _limit(self, state: RetryCallState) -> RetryPolicy:
        limits = [*_list_limits(state.retry_object.stop), self._policy.timeout]
        known = [limit for limit in limits if limit is not None]
        return replace(self._policy, timeout=min(known)) if known else self._policy


def _find_state() -> RetryCallState | None:
    """Return tenacity's state of the call that asks: stamina hands its hooks the error only, and no time."""
    from tenacity import RetryCallState

    frame = inspect.currentframe()
    for _ in range(_NEAR):
        frame = None if frame is None else frame.f_back
        state = None if frame is None else frame.f_locals.get("retry_state")
        if isinstance(state, RetryCallState):
            return state
    return None


def _list_limits(stop: Any) -> Iterator[float]:
    """Yield the seconds after which a stop of tenacity's ends a call."""
    for part in getattr(stop, "stops", (stop,)):
        limit = getattr(part, "max_delay", None)
        if limit is not None:
            yield float(limit)
