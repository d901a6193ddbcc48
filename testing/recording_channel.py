"""A channel that keeps what it is given."""

from __future__ import annotations

from collections.abc import Iterable

from ..actions.notify.channel import SENT, Delivered, Dispatch


class RecordingChannel:
    """Stand in for a channel: keep every message, and answer with the given results, then that all is well."""

    def __init__(
        self,
        name: str = "recording",
        results: Iterable[Delivered | Exception] = (),
        *,
        pace: float = 0.0,
        batches: bool = True,
    ) -> None:
        self.name = name
        self.pace = pace
        """Seconds between two messages."""
        self.batches = batches
        """Whether it takes digests."""
        self.results = list(results)
        self.tried: list[Dispatch] = []
        """Every attempt."""
        self.sent: list[Dispatch] = []
        """What arrived."""

    def deliver(self, dispatch: Dispatch, timeout: float) -> Delivered:
        """Keep the message and answer."""
        self.tried.append(dispatch)
        result = self.results.pop(0) if self.results else SENT
        if isinstance(result, Exception):
            raise result
        if result.status == "sent":
            self.sent.append(dispatch)
        return result
