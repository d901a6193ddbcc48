"""Where notices wait, shared by all processes: the outcome store's inbox."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from ...core.mail import DeliveryState, EntryState, MailCount, MailDelivery, MailEntry

T = TypeVar("T")


class MailBox(Protocol):
    """Read and write what waits, within one transaction."""

    def add_entry(self, entry: MailEntry) -> bool:
        """Write an entry and return True; False where this notice is already on its way to this channel."""
        ...

    def list_entries(
        self,
        *,
        channel: str | None = None,
        priority: str | None = None,
        topic: str | None = None,
        states: Sequence[EntryState] = (),
        notice_id: str | None = None,
        delivery_id: str | None = None,
        limit: int = 1000,
        newest: bool = False,
        free: bool = False,
    ) -> list[MailEntry]:
        """Return the entries that all of this holds of, oldest first unless ``newest``.

        With ``free``, for which a channel is needed, those are left out of whose topic another is leaving through it.
        """
        ...

    def count_entries(self, channel: str, priority: str, state: EntryState, topic: str | None = None) -> int:
        """Return how many entries of a channel and priority are in a state."""
        ...

    def first_due(self, channel: str, priority: str, state: EntryState, *, free: bool = False) -> float | None:
        """Return when the first entry in a state is due, likewise with ``free``; None where there is none."""
        ...

    def move_entries(
        self, ids: Iterable[str], state: EntryState, *, delivery_id: str | None = None, ended_at: float | None = None
    ) -> None:
        """Bring entries into a state."""
        ...

    def gather_ready(self, channel: str, priority: str, wait: float, reason: str) -> None:
        """Have all that is ready wait for a digest, at most ``wait`` seconds from when it was queued."""
        ...

    def release_held(self, channel: str, now: float) -> None:
        """Gather what was held until now."""
        ...

    def save_delivery(self, delivery: MailDelivery) -> None:
        """Write a delivery, or what has changed of it."""
        ...

    def find_delivery(self, delivery_id: str) -> MailDelivery | None:
        """Return a delivery by its id."""
        ...

    def list_deliveries(
        self, *, state: DeliveryState, channel: str | None = None, priority: str | None = None, limit: int = 1000
    ) -> list[MailDelivery]:
        """Return deliveries in a state, those due first at the front."""
        ...

    def read_note(self, kind: str, channel: str, name: str) -> Mapping[str, Any] | None:
        """Return what was noted of a channel under a name; None where nothing was."""
        ...

    def write_note(self, kind: str, channel: str, name: str, document: Mapping[str, Any], now: float) -> None:
        """Note something of a channel."""
        ...

    def count_states(self) -> list[MailCount]:
        """Return how many entries there are of each channel, priority, state and reason."""
        ...

    def prune(self, ended_before: float, noted_before: float) -> None:
        """Forget what was sent or dropped, and what was noted, before these moments."""
        ...

    def clear(self) -> None:
        """Forget everything."""
        ...


class MailKeeper(Protocol):
    """Keep notices and deliveries; the outcome store does. Every fault is a StoreError."""

    def change_mail(self, work: Callable[[Any], T]) -> T:
        """Do ``work`` on a MailBox in one transaction, durable when this returns; it may be done twice."""
        ...

    def read_mail(self, work: Callable[[Any], T], *, absent: T) -> T:
        """Return what ``work`` reads of a MailBox; ``absent`` where nothing was ever written."""
        ...
