"""The threads of the service, apart by what they wait for."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class ThreadPools:
    """Hold four pools: a store that is locked holds up no question, and an agent or a page that is slow neither."""

    answers: ThreadPoolExecutor
    store: ThreadPoolExecutor
    hands: ThreadPoolExecutor
    looks: ThreadPoolExecutor

    @classmethod
    def of_size(cls, count: int) -> Self:
        """Return pools of so many threads each; half as many look, for a look keeps several cores busy."""
        sizes = {"answers": count, "store": count, "hands": count, "looks": (count + 1) // 2}
        return cls(*(ThreadPoolExecutor(size, thread_name_prefix=f"errclass-{name}") for name, size in sizes.items()))

    def stop(self) -> None:
        """Wait for what is under way; what has not begun is dropped."""
        for pool in (self.answers, self.store, self.hands, self.looks):
            pool.shutdown(cancel_futures=True)
