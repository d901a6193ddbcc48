"""What a report of waste holds; ``schemas/waste.json`` describes it for other programs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Spent:
    """Hold calls and how long they took."""

    calls: int
    seconds: float | None
    """Of those whose duration is known; None where it is of none."""


@dataclass(frozen=True, slots=True)
class Losses:
    """Hold what calls cost and what re-runs saved."""

    failed: Spent
    """Calls that failed."""
    in_vain: Spent
    """Those of them that were re-runs."""
    helpful_retries: Spent
    """Unchanged re-runs that succeeded."""
    helpful_recoveries: Spent
    """Calls that succeeded after a recovery."""
    untimed_calls: int
    """Calls of these whose duration is not known."""

    @property
    def saved_seconds(self) -> float | None:
        """How long the re-runs took that nobody had to start; None where it is known of none of them."""
        parts = [one for one in (self.helpful_retries, self.helpful_recoveries) if one.calls]
        known = [one.seconds for one in parts if one.seconds is not None]
        return None if parts and not known else sum(known)

    @property
    def calls(self) -> int:
        """All calls that count here."""
        return self.failed.calls + self.helpful_retries.calls + self.helpful_recoveries.calls


@dataclass(frozen=True, slots=True)
class TypeLosses:
    """Hold the losses by a type."""

    type: str
    losses: Losses


@dataclass(frozen=True, slots=True)
class CauseLosses:
    """Hold the losses by a cause."""

    fingerprint: str
    type: str
    operation: str | None
    message: str
    """What its newest failure says."""
    losses: Losses


@dataclass(frozen=True, slots=True)
class Money:
    """Hold what the time cost, at a price for a minute; None where no time is known."""

    currency: str
    per_minute: float
    lost: float | None
    """The calls that failed."""
    in_vain: float | None
    """The re-runs among them."""
    saved: float | None
    """The re-runs that helped: what starting the same work again would have cost."""


@dataclass(frozen=True, slots=True)
class WasteData:
    """Hold a report of waste."""

    total: Losses
    by_type: tuple[TypeLosses, ...]
    """Those that cost most first."""
    by_cause: tuple[CauseLosses, ...]
    """The twenty that cost most."""
    money: Money | None
    """None where no price is set."""
    known_from: datetime | None
    """The first moment of which the store knows anything; None where nothing was ever recorded."""
