"""One deadline over everything that is done about a failure."""

from __future__ import annotations

import time
from collections.abc import Callable


class Deadline:
    """Tell how long something has lasted and may still last; times in seconds."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began = clock()
        self.limit: float | None = None
        """How long it may last from its beginning; None: as long as it takes."""

    @property
    def elapsed(self) -> float:
        """How long it has lasted."""
        return self._clock() - self._began

    @property
    def left(self) -> float | None:
        """How long it may still last; None without a limit."""
        return None if self.limit is None else max(0.0, self.limit - self.elapsed)
