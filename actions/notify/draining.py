"""Send what is due within a time that is not exceeded."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .courier import Courier
from .couriers import Tally, drain_courier


@dataclass(frozen=True, slots=True)
class DrainReport:
    """Say what was sent."""

    sent: int = 0
    """Messages that arrived; each may tell many notices."""
    failed: int = 0
    """Attempts that did not."""
    finished: bool = True
    """Whether all that was due in time was tried."""


def drain_couriers(couriers: Sequence[Courier], seconds: float, sleep: Callable[[float], None]) -> DrainReport:
    """Have all couriers send at once, each in a thread, and return after ``seconds`` whatever they still do."""
    tallies = [Tally() for _ in couriers]
    threads = [
        threading.Thread(target=drain_courier, args=(courier, seconds, tally, sleep), daemon=True)
        for courier, tally in zip(couriers, tallies, strict=True)
    ]
    deadline = time.monotonic() + seconds + _GRACE
    started = [thread for thread in threads if _start(thread)]
    for thread in started:
        thread.join(max(0.0, deadline - time.monotonic()))
    return DrainReport(
        sum(tally.sent for tally in tallies),
        sum(tally.failed for tally in tallies),
        finished=all(tally.finished for tally in tallies),
    )


_GRACE = 0.5
"""Seconds for an attempt that ends just in time to be written down."""


def _start(thread: threading.Thread) -> bool:
    try:
        thread.start()
    except RuntimeError:  # the interpreter is ending; what waits is sent by the next process
        return False
    return True
