"""What waits to be told: one entry per notice and channel, and the deliveries that they travel in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from .types import Severity

EntryState = Literal["ready", "gathered", "held", "leaving", "sent", "named", "dropped", "dead"]
"""``ready`` goes next, ``gathered`` waits for a digest, ``held`` for a moment or a switch, ``leaving`` is in an open
delivery; the others are ends: sent by itself, named in another message, dropped since there was nothing to tell, dead.
"""
DeliveryState = Literal["open", "sent", "dead"]
WAITING: tuple[EntryState, ...] = ("ready", "gathered", "held")
ENDED: tuple[EntryState, ...] = ("sent", "named", "dropped", "dead")


@dataclass(frozen=True, slots=True)
class MailEntry:
    """Hold one notice on its way to one channel; times are seconds since 1970."""

    id: str
    notice_id: str
    channel: str
    priority: Severity
    topic: str
    """What it is about: notices of one topic are news of the same thing."""
    document: Mapping[str, Any]
    queued_at: float
    state: EntryState
    reason: str = ""
    """Why it did not go at once."""
    due: float = 0.0
    """When it is to be told at the latest, where it is gathered; when it is let go, where it is held."""
    delivery_id: str | None = None
    ended_at: float | None = None


@dataclass(frozen=True, slots=True)
class MailDelivery:
    """Hold one message that is being sent; its ``id`` is the same however often it is tried."""

    id: str
    channel: str
    priority: Severity
    document: Mapping[str, Any]
    created_at: float
    state: DeliveryState = "open"
    attempts: int = 0
    due: float = 0.0
    """Not to be tried before."""
    leased_until: float = 0.0
    """Until then it is somebody's, who may be sending it."""
    holder: str = ""
    error: str = ""
    """What the last attempt failed with."""
    ended_at: float | None = None


@dataclass(frozen=True, slots=True)
class MailCount:
    """Say how many entries of a channel and priority are in a state, for a reason."""

    channel: str
    priority: Severity
    state: EntryState
    reason: str
    entries: int
