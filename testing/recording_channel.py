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
        self._name = name
        self._pace = pace
        self._batches = batches
        self.results = list(results)
        self.tried: list[Dispatch] = []
        """Every attempt."""
        self.sent: list[Dispatch] = []
        """What arrived."""

    @property
    def name(self) -> str:
        """What it is called."""
        return self._name

    @property
    def pace(self) -> float:
        """Seconds between two messages."""
        return self._pace

    @property
    def batches(self) -> bool:
        """Whether it takes digests."""
        return self._batches

    def deliver(self, dispatch: Dispatch, timeout: float) -> Delivered:
        """Keep the message and answer."""
        self.tried.append(dispatch)
        result = self.results.pop(0) if self.results else SENT
        if isinstance(result, Exception):
            raise result
        if result.status == "sent":
            self.sent.append(dispatch)
        return result
