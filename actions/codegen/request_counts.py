"""How many requests an agent was asked lately, counted over all processes that share a store."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from ...core.errors import StoreError
from ..loss_notice import LossNotice
from ..memory_states import MemoryStates
from ..state_keeper import StateKeeper
from .fix_agent import RateLimit

T = TypeVar("T")

KIND = "request_counts"
_HORIZON = 900.0
"""Seconds: what lies further in the future comes of a clock that was wrong."""


class RequestCount:
    """Hand out the places of one rate limit, in order of asking; ``clock`` is the wall clock, in seconds.

    Where the store cannot be used this process counts alone, and ``errclass.shared_state_lost`` is logged once.
    """

    def __init__(
        self,
        keeper: StateKeeper | None,
        name: str,
        limit: RateLimit,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._shared = keeper
        self._alone = MemoryStates()
        self._name = name
        self._limit = limit
        self._clock = clock
        self._loss = LossNotice(f"the requests to {name}")

    def reserve(self, patience: float) -> tuple[float, bool]:
        """Take the next place and return (seconds until then, True); none is taken where that is over ``patience``."""

        def take(times: list[float], blocked: float, now: float) -> tuple[list[float], float, tuple[float, bool]]:
            moment = max(now, blocked)
            if len(times) >= self._limit.calls:
                moment = max(moment, times[-self._limit.calls] + self._limit.seconds)
            wait = moment - now
            return ([*times, moment] if wait <= patience else times), blocked, (wait, wait <= patience)

        return self._change(take)

    def block(self, seconds: float) -> None:
        """Give out no place for so long, since the other side asked for it."""

        def hold(times: list[float], blocked: float, now: float) -> tuple[list[float], float, None]:
            return times, max(blocked, now + min(seconds, _HORIZON)), None

        self._change(hold)

    def _change(self, work: Callable[[list[float], float, float], tuple[list[float], float, T]]) -> T:
        def change(state: Mapping[str, Any] | None) -> tuple[Mapping[str, Any], T]:
            now = self._clock()
            times, blocked, result = work(*self._open(state, now), now)
            return {"times": times[-self._limit.calls :], "blocked": blocked}, result

        if self._shared is not None:
            try:
                return self._shared.change_state(KIND, self._name, change)
            except StoreError as error:
                self._loss.tell(error)
        return self._alone.change_state(KIND, self._name, change)

    def _open(self, state: Mapping[str, Any] | None, now: float) -> tuple[list[float], float]:
        """Return the moments of the last requests and until when none is allowed; nothing of a damaged state."""
        try:
            times = [float(moment) for moment in (state or {}).get("times", ())]
            blocked = float((state or {}).get("blocked", 0.0))
        except (TypeError, ValueError) as error:
            self._loss.tell(error)
            return [], 0.0
        kept = sorted(moment for moment in times if now - self._limit.seconds < moment < now + _HORIZON)
        return kept, blocked if blocked <= now + _HORIZON else 0.0
