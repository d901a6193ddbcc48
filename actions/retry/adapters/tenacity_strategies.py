"""Our decider, back-off, deadline and budget as strategies of tenacity."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..budget import RetryBudget
from ..policy import DEFAULT_BACKOFF, RetryPolicy
from .call_track import CallTrack
from .libraries import import_library

if TYPE_CHECKING:
    from tenacity import RetryCallState
    from tenacity.retry import retry_base
    from tenacity.stop import stop_base
    from tenacity.wait import wait_base


class TenacityStrategies:
    """Hold ``retry``, ``wait`` and ``stop`` of one policy, to be given to tenacity together or one by one.

    They share one decision on each failure, and combine with tenacity's own by ``|``, ``&`` and ``+``. ``retry`` asks
    the decider; ``wait`` is its back-off or Retry-After; ``stop`` is attempts, deadline (before a wait that would reach
    it) and budget. Safe to share between threads and tasks. Raises MissingExtraError where tenacity is not installed.
    """

    def __init__(
        self,
        policy: RetryPolicy,
        *,
        budget: RetryBudget | None = None,
        clock: Callable[[], float] = time.monotonic,
        draw: Callable[[], float] = random.random,
    ) -> None:
        tenacity = import_library("tenacity")
        track = CallTrack(lambda _: policy, budget, clock=clock, draw=draw)
        self.retry: retry_base = _make_strategy(tenacity.retry_base, lambda state: _is_worth_it(track, state))
        self.wait: wait_base = _make_strategy(
            tenacity.wait.wait_base, lambda state: _choose_wait(track, state, policy, draw)
        )
        self.stop: stop_base = _make_strategy(
            tenacity.stop.stop_base, lambda state: track.follow(state).reason is not None
        )


def _is_worth_it(track: CallTrack, state: RetryCallState) -> bool:
    """Say whether it is worth another attempt, whatever attempts, deadline and budget allow: those are ``stop``'s."""
    step = track.follow(state)
    return step.wait is not None or step.reason in ("attempts", "budget", "deadline")


def _choose_wait(track: CallTrack, state: RetryCallState, policy: RetryPolicy, draw: Callable[[], float]) -> float:
    """Return the wait that was planned; the usual one where another strategy wants an attempt that ours would not."""
    step = track.follow(state)
    if step.wait is not None:
        return step.wait
    backoff = policy.backoff or step.verdict.backoff or DEFAULT_BACKOFF
    return backoff.delay(state.attempt_number, draw=draw)


def _make_strategy(base: Any, answer: Callable[[RetryCallState], Any]) -> Any:
    """Return a strategy of the kind ``base``, which tenacity can combine with others."""
    return type("ErrclassStrategy", (base,), {"__call__": lambda _, state: answer(state), "__doc__": base.__doc__})()
