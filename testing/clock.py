"""A clock that is put forward by hand."""

from __future__ import annotations


class FakeClock:
    """Stand in for ``time.monotonic`` and ``time.sleep``; starts at 0 seconds."""

    def __init__(self, now: float = 0.0) -> None:
        self.now = now

    def __call__(self) -> float:
        """Return the time in seconds."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Put the clock forward instead of waiting."""
        self.now += max(0.0, seconds)

    async def asleep(self, seconds: float) -> None:
        """Likewise, for coroutines; gives other tasks their turn."""
        import asyncio

        self.sleep(seconds)
        await asyncio.sleep(0)

    def move_to(self, moment: float) -> None:
        """Put the clock to a moment in seconds; it never goes back."""
        self.now = max(self.now, moment)
