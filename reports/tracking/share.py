"""A share of a whole, with what it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from ..intervals import share_interval

_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Share:
    """Hold how many of a number of cases are meant, and Wilson's interval of 95 %; no value without cases."""

    count: int
    total: int
    value: float | None
    """0 to 1, as are the ends of the interval."""
    low: float | None
    high: float | None

    @classmethod
    def of(cls, count: int, total: int) -> Self:
        """Return the share of ``count`` in ``total``."""
        low, high = share_interval(count, total)
        return cls(count, total, round_share(count / total) if total else None, round_share(low), round_share(high))


def round_share(share: float | None) -> float | None:
    """Return a share without the digits that depend on the order in which parts of a sum were added."""
    return None if share is None else round(share, _DIGITS)
