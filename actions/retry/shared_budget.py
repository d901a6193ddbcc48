"""A budget of retries that all processes of a store share, such as the jobs of a CI system."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from ...core.errors import StoreError, UsageError
from ..loss_notice import LossNotice
from ..state_document import read_number
from ..state_keeper import MOST_SKEW, StateKeeper
from .budget import BudgetOptions, Purse, RetryBudget

T = TypeVar("T")

KIND = "budget"
DAY = 86_400


class SharedRetryBudget(RetryBudget):
    """Behave as a ``RetryBudget`` of which every change is one transaction in a store.

    A spent one fills again within a day unless ``refill`` says otherwise: short-lived processes may never see the
    success that gives back what was paid. It fills by everybody's own clock, also after somebody's was wrong. Where the
    store cannot be used the process has a budget of its own, and logs ``errclass.shared_state_lost`` once.
    """

    def __init__(
        self,
        keeper: StateKeeper,
        operation: str = "default",
        options: BudgetOptions | None = None,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        chosen = options or BudgetOptions()
        super().__init__(chosen if chosen.refill else replace(chosen, refill=chosen.capacity / DAY), clock=clock)
        self._keeper = keeper
        self._operation = operation
        self._loss = LossNotice(f"the budget of {operation}")

    @property
    def is_full(self) -> bool:
        """Whether nothing is missing."""
        return self.tokens >= self.options.capacity

    @property
    def tokens(self) -> float:
        """Tokens left."""
        try:
            purse = self._open(self._keeper.read_state(KIND, self._operation))
        except StoreError as error:
            self._loss.tell(error)
            return super()._change(lambda own: own.tokens)
        purse.fill(self.options, self._clock())
        return purse.tokens

    def reset(self) -> None:
        """Fill it, for all that share it."""
        self._change(lambda purse: purse.put(self.options.capacity, self.options))
        super().reset()

    def _change(self, work: Callable[[Purse], T]) -> T:
        def change(state: Mapping[str, Any] | None) -> tuple[Mapping[str, Any], T]:
            purse = self._open(state)
            purse.fill(self.options, self._clock())
            result = work(purse)
            return {"tokens": purse.tokens, "counted_at": purse.counted_at}, result

        try:
            return self._keeper.change_state(KIND, self._operation, change)
        except StoreError as error:
            self._loss.tell(error)
            return super()._change(work)

    def _open(self, state: Mapping[str, Any] | None) -> Purse:
        """Return the shared purse; a new one where there is none or it is damaged."""
        now = self._clock()
        full = Purse(self.options.capacity, now)
        if state is None:
            return full
        try:
            tokens, counted_at = max(0.0, read_number(state, "tokens")), read_number(state, "counted_at")
        except UsageError as error:
            self._loss.tell(error)
            return full
        return Purse(tokens, counted_at if counted_at <= now + MOST_SKEW else now)
