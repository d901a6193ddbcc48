"""Which causes were answered since the queue was looked at."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from ...core.clock import utc_now


class Answered:
    """Remember answers until a look at the queue knows of them. For one event loop."""

    def __init__(self, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._clock = clock
        self._times: dict[str, datetime] = {}

    def add(self, cause: str) -> None:
        """Remember that a cause was answered just now."""
        self._times[cause] = self._clock()

    def discard(self, cause: str) -> None:
        """Forget it: the answer was taken back."""
        self._times.pop(cause, None)

    def since(self, looked: datetime) -> set[str]:
        """Return the causes that a look which began then does not know of; earlier ones are forgotten."""
        self._times = {cause: time for cause, time in self._times.items() if time >= looked}
        return set(self._times)
