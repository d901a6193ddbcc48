"""A budget of retries: what a struggling service can bear, shared by all calls of an operation.

The rule and its numbers are botocore's retry quota: 500 tokens, 14 for a retry, 5 for one after throttling; the last
retry's price comes back when the call succeeds, and one token for a success at the first attempt.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

from ...core.errors import UsageError


@dataclass(frozen=True, slots=True)
class BudgetOptions:
    """Say what retries cost, in tokens."""

    capacity: int = 500
    cost: int = 14
    throttling_cost: int = 5
    """After an error of the type ``rate_limit``: the service is well and only asks for patience."""
    refund: int = 1
    """What a success at the first attempt brings back."""

    def __post_init__(self) -> None:
        if self.capacity < 0 or self.cost < 0 or self.throttling_cost < 0 or self.refund < 0:
            raise UsageError("a retry budget has no negative numbers")

    def price_of(self, kind: str | None) -> int:
        """Return what a retry after an error of this type costs."""
        return self.throttling_cost if kind == "rate_limit" else self.cost


class RetryBudget:
    """Hold the tokens of one operation; safe to share between threads."""

    def __init__(self, options: BudgetOptions | None = None) -> None:
        self.options = options or BudgetOptions()
        self._tokens = self.options.capacity
        self._lock = threading.Lock()

    @property
    def is_full(self) -> bool:
        """Whether nothing was taken from it, as is usual."""
        return self._tokens >= self.options.capacity

    @property
    def tokens(self) -> int:
        """Tokens left."""
        return self._tokens

    def can_pay(self, kind: str | None) -> bool:
        """Say whether a retry after an error of this type could be paid now."""
        return self._tokens >= self.options.price_of(kind)

    def pay(self, kind: str | None) -> int | None:
        """Take the price of one retry and return it; None where it cannot be paid, and then nothing is taken."""
        price = self.options.price_of(kind)
        with self._lock:
            if self._tokens < price:
                return None
            self._tokens -= price
            return price

    def refund(self, price: int | None) -> None:
        """Give back the price of the last retry after a success; None: there was none."""
        tokens = self.options.refund if price is None else price
        with self._lock:
            self._tokens = min(self.options.capacity, self._tokens + tokens)
