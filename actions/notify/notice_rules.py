"""How much is told, and when it is quiet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ...core.errors import UsageError
from .notice import Notice


@dataclass(frozen=True, slots=True)
class Maintenance:
    """Name a time in which notices are held; afterwards a digest tells them."""

    start: datetime
    end: datetime
    environment: str | None = None
    """Only notices of this environment; None: of all."""
    operation: str | None = None
    channel: str | None = None

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise UsageError("maintenance: start and end need a time zone, such as 2026-11-28T22:00:00+00:00")
        if self.end <= self.start:
            raise UsageError(f"maintenance: it must end after it starts, and {self.end} is not after {self.start}")

    def covers(self, notice: Notice, channel: str, now: float) -> bool:
        """Tell whether a notice to a channel is held at a moment, in seconds since 1970."""
        return (
            self.start.timestamp() <= now < self.end.timestamp()
            and self.environment in (None, notice.environment)
            and self.operation in (None, notice.operation)
            and self.channel in (None, channel)
        )


@dataclass(frozen=True, slots=True)
class NoticeRules:
    """Say how much is told; times in seconds. Raises UsageError for what makes no sense."""

    limit: int | None = 10
    """Messages to one channel of one priority within ``window``, digests included; None: any number.

    One of them is kept for a digest. Priority ``critical`` is outside of it.
    """
    window: float = 300.0
    digest_every: float = 60.0
    """What does not go at once waits so long for a digest."""
    repeat_window: float = 900.0
    """The same again within so long after it was told is counted, and told in a digest at the end."""
    flap_changes: int = 4
    """Changes between failing and resolved within ``flap_window`` from which on a digest tells them."""
    flap_window: float = 3600.0
    maintenance: tuple[Maintenance, ...] = ()

    def __post_init__(self) -> None:
        if self.limit is not None and self.limit < 1:
            raise UsageError(f"limit: at least 1 message, or None for any number, not {self.limit}")
        if self.flap_changes < 2:
            raise UsageError(f"flap_changes: at least 2, not {self.flap_changes}")
        for name in ("window", "digest_every", "repeat_window", "flap_window"):
            number = getattr(self, name)
            if not 0 < number < float("inf"):
                raise UsageError(f"{name}: must be above 0 seconds, not {number}")

    def find_maintenance(self, notice: Notice, channel: str, now: float) -> float | None:
        """Return when the maintenance that holds a notice ends; None where none does."""
        ends = [one.end.timestamp() for one in self.maintenance if one.covers(notice, channel, now)]
        return max(ends, default=None)
