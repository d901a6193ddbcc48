"""What becomes of a notice, as far as is known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ...core.frozen import FrozenDict
from ...core.jsonable import to_jsonable
from ...core.mail import EntryState, MailEntry

NoticeStatus = Literal["pending", "rate_limited", "sent", "partial_failure", "failed", "skipped"]
"""The five of the asked-for system, and ``skipped``: there was nothing to tell, or nobody to tell it to."""
_BY_STATE: Mapping[EntryState, NoticeStatus] = {
    "ready": "pending",
    "gathered": "pending",
    "held": "pending",
    "leaving": "pending",
    "sent": "sent",
    "named": "sent",
    "dropped": "skipped",
    "dead": "failed",
}


@dataclass(frozen=True, slots=True)
class ChannelReceipt:
    """Say what becomes of a notice on one channel."""

    status: NoticeStatus
    reason: str = ""
    """Why it did not go at once, or why it failed."""
    in_digest: bool = False
    """Whether another message tells it."""

    @property
    def held(self) -> bool:
        """Whether it waits for a maintenance to end or for a switch."""
        return self.status == "pending" and self.reason in ("maintenance", "acting is switched off")


@dataclass(frozen=True, slots=True)
class Receipt:
    """Say what becomes of a notice on all channels."""

    notice_id: str
    channels: Mapping[str, ChannelReceipt] = field(default_factory=FrozenDict)
    error: str = ""
    """Why it could not be queued at all."""

    @property
    def status(self) -> NoticeStatus:
        """Return what holds of all channels together."""
        if self.error:
            return "failed"
        found = {receipt.status for receipt in self.channels.values()} - {"skipped"}
        if not found:
            return "skipped"
        if "failed" in found:
            return "failed" if found == {"failed"} else "partial_failure"
        if found == {"rate_limited"}:
            return "rate_limited"
        return "sent" if found == {"sent"} else "pending"

    def to_dict(self) -> dict[str, Any]:
        """Return all fields and the status, JSON-ready."""
        return {**to_jsonable(self), "status": self.status}


def read_receipt(notice_id: str, entries: Iterable[MailEntry], errors: Mapping[str, str] = FrozenDict()) -> Receipt:
    """Return the receipt of a notice from its entries; ``errors`` are those of their deliveries, by their ids."""
    return Receipt(
        notice_id,
        FrozenDict({entry.channel: _read_entry(entry, errors.get(entry.delivery_id or "", "")) for entry in entries}),
    )


def find_status(state: EntryState, reason: str) -> NoticeStatus:
    """Return the status of one entry."""
    limited = state == "gathered" and reason == "rate_limited"
    return "rate_limited" if limited else _BY_STATE[state]


def _read_entry(entry: MailEntry, error: str) -> ChannelReceipt:
    return ChannelReceipt(
        find_status(entry.state, entry.reason),
        error if entry.state == "dead" else entry.reason or error,
        in_digest=entry.state in ("gathered", "named"),
    )
