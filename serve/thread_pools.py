"""The threads of the service, apart by what they wait for."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class ThreadPools:
    """Hold three pools: a store that is locked holds up no question, and an agent that is slow neither."""

    answers: ThreadPoolExecutor
    store: ThreadPoolExecutor
    hands: ThreadPoolExecutor

    @classmethod
    def of_size(cls, count: int) -> Self:
        """Return pools of so many threads each."""
        names = ("answers", "store", "hands")
        return cls(*(ThreadPoolExecutor(count, thread_name_prefix=f"errclass-{name}") for name in names))

    def stop(self) -> None:
        """Wait for what is under way; what has not begun is dropped."""
        for pool in (self.answers, self.store, self.hands):
            pool.shutdown(cancel_futures=True)
