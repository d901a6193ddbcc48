"""Where messages go to: a channel sends one, and says what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from .notice import Digest, Notice


@dataclass(frozen=True, slots=True)
class Dispatch:
    """Hold one message to be sent."""

    key: str
    """The same however often it is sent: for a receiver that is to act on it once."""
    content: Notice | Digest
    repeats: int = 0
    """Further notices of the same topic that this one tells too."""
    reference: str | None = None
    """What the channel called the last message of this topic, where it keeps such names."""
    again: bool = False
    """Whether an earlier attempt may have arrived."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """Say what became of one attempt."""

    status: Literal["sent", "again", "refused"]
    """``again``: another attempt may succeed; ``refused``: it will not, as it is."""
    detail: str = ""
    """What went wrong, in words that hold no secret."""
    retry_after: float | None = None
    """Seconds that the other side asked to wait."""
    reference: str | None = None
    """What the channel calls this message, for the next one of its topic."""


SENT = Delivered("sent")


@runtime_checkable
class Channel(Protocol):
    """Send messages; used by one thread at a time, but one that exceeds its timeout is not waited for."""

    @property
    def name(self) -> str:
        """What it is called in settings and decisions."""
        ...

    @property
    def pace(self) -> float:
        """Seconds between two messages, at least."""
        ...

    @property
    def batches(self) -> bool:
        """Whether it takes digests; one that does not gets each topic by itself, no sooner."""
        ...

    def deliver(self, dispatch: Dispatch, timeout: float) -> Delivered:
        """Try once, for at most ``timeout`` seconds. What it raises, or exceeding them, counts as ``again``."""
        ...
