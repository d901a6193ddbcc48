"""The threads of the service, apart by what they wait for."""

from __future__ import annotations

import asyncio
import logging
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from typing import Any, Final, Self, TypeVar

T = TypeVar("T")
_PREFIX = "errclass-"
LOOKS: Final = f"{_PREFIX}looks"
"""How names begin of threads that read and write nothing, for which nobody waits at the end."""


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
        return cls(*(ThreadPoolExecutor(size, thread_name_prefix=f"{_PREFIX}{name}") for name, size in sizes.items()))

    def stop(self) -> None:
        """Wait for what is under way, but for looks, which nobody will see; what has not begun is dropped."""
        self.looks.shutdown(wait=False, cancel_futures=True)
        for pool in (self.answers, self.store, self.hands):
            pool.shutdown(cancel_futures=True)


async def run_in(pool: Executor, work: Callable[..., T], *given: Any) -> T:
    """Do work in a thread of a pool, and wait for it; spans of the work belong to that of the caller."""
    context = copy_context()
    return await asyncio.get_running_loop().run_in_executor(pool, lambda: context.run(work, *given))


def leave_looks(seconds: float) -> None:
    """Wait so long for looks that are under way, and end the process with 0 where one is not done: it writes nothing.

    A thread that is within a query can neither be ended nor left behind.
    """
    ending = time.monotonic() + seconds
    for thread in [one for one in threading.enumerate() if one.name.startswith(LOOKS)]:
        thread.join(max(0.0, ending - time.monotonic()))
        if thread.is_alive():
            logging.shutdown()
            os._exit(0)
