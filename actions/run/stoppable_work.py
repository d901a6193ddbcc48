"""Work that takes a while between two calls, beside a look at whether somebody stops the run."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TypeVar

_LOOK_SECONDS = 0.05
T = TypeVar("T")


def do_stoppably(work: Callable[[threading.Event], T], is_stopped: Callable[[], bool]) -> T:
    """Do the work in a thread and return its result; the event that it gets is set once ``is_stopped``."""
    stopped = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(work, stopped)
        done = False
        while not done:
            done = bool(wait([future], _LOOK_SECONDS).done)
            if is_stopped():  # also looked at when it is done, for whoever asks next
                stopped.set()
    return future.result()
