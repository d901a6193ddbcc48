"""Send what is due within a time that is not exceeded."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .claiming import Idle
from .courier import Courier

_GRACE = 0.5
"""Seconds for an attempt that ends just in time to be written down."""


@dataclass(frozen=True, slots=True)
class DrainReport:
    """Say what was sent."""

    sent: int = 0
    """Messages that arrived; each may tell many notices."""
    failed: int = 0
    """Attempts that did not."""
    finished: bool = True
    """Whether all that was due in time was tried."""


@dataclass(slots=True)
class _Tally:
    """Count what a drain did."""

    sent: int = 0
    """Messages that arrived; each may tell many notices."""
    failed: int = 0
    """Attempts that did not."""
    finished: bool = False
    """Whether nothing was left that could be sent in time."""


def drain_couriers(couriers: Sequence[Courier], seconds: float, sleep: Callable[[float], None]) -> DrainReport:
    """Have all couriers send at once, each in a thread, and return after ``seconds`` whatever they still do."""
    tallies = [_Tally() for _ in couriers]
    threads = [
        threading.Thread(target=_drain, args=(courier, seconds, tally, sleep), daemon=True)
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


def _start(thread: threading.Thread) -> bool:
    try:
        thread.start()
    except RuntimeError:  # the interpreter is ending; what waits is sent by the next process
        return False
    return True


def _drain(courier: Courier, seconds: float, tally: _Tally, wait: Callable[[float], None]) -> None:
    """Send what is due, and what comes due within ``seconds`` of the courier's clock."""
    deadline = courier.now() + seconds
    while (left := deadline - courier.now()) > 0:
        result = courier.send_next(left)
        if not isinstance(result, Idle):
            tally.sent += result.delivery.state == "sent"
            tally.failed += result.delivery.state != "sent"
        elif result.until >= deadline:
            tally.finished = not result.faulty
            return
        else:
            wait(max(0.0, result.until - courier.now()))
