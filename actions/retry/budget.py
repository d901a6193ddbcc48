"""A budget of retries: what a struggling service can bear, shared by all calls of an operation.

The rule and its numbers are botocore's retry quota: 500 tokens, 14 for a retry, 5 for one after throttling; the last
retry's price comes back when the call succeeds, and one token for a success at the first attempt.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from ...core.errors import UsageError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class BudgetOptions:
    """Say what retries cost, in tokens."""

    capacity: int = 500
    cost: int = 14
    throttling_cost: int = 5
    """After an error of the type ``rate_limit``: the service is well and only asks for patience."""
    refund: int = 1
    """What a success at the first attempt brings back."""
    refill: float = 0.0
    """Tokens that come back every second by themselves."""

    def __post_init__(self) -> None:
        if min(self.capacity, self.cost, self.throttling_cost, self.refund, self.refill) < 0:
            raise UsageError("a retry budget has no negative numbers")

    def price_of(self, kind: str | None) -> int:
        """Return what a retry after an error of this type costs."""
        return self.throttling_cost if kind == "rate_limit" else self.cost


@dataclass(slots=True)
class Purse:
    """Hold the tokens of one operation and when they were counted, in seconds."""

    tokens: float
    counted_at: float

    def fill(self, options: BudgetOptions, now: float) -> None:
        """Add what came back since they were counted."""
        self.put(max(0.0, now - self.counted_at) * options.refill, options)
        self.counted_at = max(now, self.counted_at)

    def put(self, tokens: float, options: BudgetOptions) -> None:
        """Add tokens, as many as there is room for."""
        self.tokens = min(float(options.capacity), self.tokens + tokens)

    def pay(self, price: int) -> bool:
        """Take the price and return True, or nothing and False where it is too high."""
        if self.tokens < price:
            return False
        self.tokens -= price
        return True


class RetryBudget:
    """Hold the tokens of one operation; safe to share between threads. ``clock`` is monotonic, in seconds."""

    def __init__(self, options: BudgetOptions | None = None, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.options = options or BudgetOptions()
        self._clock = clock
        self._purse = Purse(self.options.capacity, clock())
        self._lock = threading.Lock()

    @property
    def is_full(self) -> bool:
        """Whether nothing was taken from it, as is usual."""
        return self._purse.tokens >= self.options.capacity

    @property
    def tokens(self) -> float:
        """Tokens left."""
        return self._change(lambda purse: purse.tokens)

    def can_pay(self, kind: str | None) -> bool:
        """Say whether a retry after an error of this type could be paid now."""
        return self.tokens >= self.options.price_of(kind)

    def pay(self, kind: str | None) -> int | None:
        """Take the price of one retry and return it; None where it cannot be paid, and then nothing is taken."""
        price = self.options.price_of(kind)
        return price if self._change(lambda purse: purse.pay(price)) else None

    def refund(self, price: int | None) -> None:
        """Give back the price of the last retry after a success; None: there was none."""
        tokens = self.options.refund if price is None else price
        self._change(lambda purse: purse.put(tokens, self.options))

    def reset(self) -> None:
        """Fill it."""
        with self._lock:
            self._purse = Purse(self.options.capacity, self._clock())

    def _change(self, work: Callable[[Purse], T]) -> T:
        """Return what ``work`` makes of the purse, filled until now."""
        with self._lock:
            self._purse.fill(self.options, self._clock())
            return work(self._purse)
