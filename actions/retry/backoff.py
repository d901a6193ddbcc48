"""How long to wait between two attempts: a curve, a cap, and jitter that does not vanish at the cap.

Full, equal and decorrelated jitter are those of Marc Brooker, "Exponential Backoff And Jitter" (AWS Architecture Blog,
2015).
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

from ...core.errors import UsageError

if TYPE_CHECKING:
    from ...core.types import Curve

Jitter = Literal["full", "equal", "none"] | float
"""``full``: from nothing to the whole delay; ``equal``: half of it stays; a number: so many seconds are added."""

Draw = Callable[[], float]
"""Returns a number from 0 up to 1, such as ``random.random``."""


_MOST_NUMBERS = 1_000
"""Fibonacci numbers beyond this one are too large for a float, and for any cap."""


@dataclass(frozen=True, slots=True)
class Backoff:
    """Say how long to wait; all times in seconds. Raises UsageError for negative ones and for what is none."""

    curve: Curve = "exponential"
    base: float = 1.0
    """The first delay before jitter."""
    factor: float = 2.0
    """Growth from delay to delay; of the exponential curve."""
    increment: float | None = None
    """What each delay adds to the one before; of the linear curve; as much as ``base`` without it."""
    cap: float = 30.0
    """No delay is longer, jitter included."""
    jitter: Jitter = "full"

    def __post_init__(self) -> None:
        if self.curve != "exponential":
            _check_curve(self.curve)
        for name in ("base", "factor", "cap"):
            _check_number(name, getattr(self, name))
        if self.increment is not None:
            _check_number("increment", self.increment)
        if self.jitter not in ("full", "equal", "none"):
            _check_number("jitter", self.jitter, "'full', 'equal', 'none' or seconds")

    def delay(self, number: int, previous: float = 0.0, draw: Draw = random.random) -> float:
        """Return seconds to wait before the attempt after the ``number``-th failure, from 1.

        ``previous`` is the delay before, which the decorrelated curve grows from; it is jitter by itself.
        """
        if self.curve == "decorrelated":
            return min(self.cap, self.base + draw() * max(0.0, 3 * max(previous, self.base) - self.base))
        return self._spread(min(self.cap, self._climb(max(1, number))), draw)

    def _climb(self, number: int) -> float:
        if self.curve == "fixed":
            return self.base
        if self.curve == "linear":
            return self.base + (number - 1) * (self.base if self.increment is None else self.increment)
        if self.curve == "fibonacci":
            return self.base * _fibonacci(number, self.cap / self.base if self.base else 0.0)
        try:
            return self.base * self.factor ** (number - 1)
        except OverflowError:  # after a thousand failures; the cap is what counts then
            return self.cap

    def _spread(self, delay: float, draw: Draw) -> float:
        if self.jitter == "full":
            return draw() * delay
        if self.jitter == "equal":
            return delay / 2 + draw() * delay / 2
        if self.jitter == "none" or not isinstance(self.jitter, int | float):
            return delay
        # What is added stays below the cap, so that those who reached it do not all come back at once.
        room = min(self.jitter, self.cap)
        return min(delay, self.cap - room) + draw() * room


def _check_curve(curve: Any) -> None:
    from ...core.types import Curve  # all its types are slow to load, and few programs name a curve

    if curve not in get_args(Curve):
        raise UsageError(f"curve: give one of {', '.join(get_args(Curve))}, not {curve!r}")


def _check_number(name: str, value: Any, wanted: str = "a number") -> None:
    """Raise UsageError unless it is a number from 0 up; a cap may be infinite, and then is none."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not value >= 0:
        raise UsageError(f"{name}: give {wanted}, at least 0, not {value!r}")
    if value == float("inf") and name != "cap":
        raise UsageError(f"{name}: give {wanted} that has an end, not {value!r}")


def _fibonacci(number: int, enough: float) -> float:
    """Return the ``number``-th of 1, 1, 2, 3, 5, ..., or the first one beyond ``enough``."""
    before, current = 0, 1
    for _ in range(min(number - 1, _MOST_NUMBERS)):
        if current > enough:
            break
        before, current = current, before + current
    return float(current)
