"""Tell urgent news at once when the store does not take them: one attempt, past queue and limits."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, wait
from typing import Any

from ...core.background_call import call_in_background
from .channel import Delivered
from .courier import Courier
from .notice import Notice
from .receipt import ChannelReceipt

STORE_SECONDS = 2.0
"""Time that the store has to take a notice before it is told without it."""
_ATTEMPT_SECONDS = 5.0
_URGENT = ("critical", "high")
_BUSY = "the store is busy; it is queued when that is free, if this process still runs"
_log = logging.getLogger("errclass")


def tell_unqueued(notice: Notice, couriers: Sequence[Courier], *, acting: bool) -> Mapping[str, ChannelReceipt]:
    """Return what became of a notice that is not queued yet, after one attempt on each channel where it is urgent."""
    attempts = {
        one.channel.name: call_in_background(lambda one=one: one.send_now(notice, _ATTEMPT_SECONDS))  # type: ignore[misc]
        for one in couriers
        if acting and _may_go(notice, one)
    }
    wait(attempts.values(), timeout=_ATTEMPT_SECONDS + 2)
    return {one.channel.name: _tell(attempts.get(one.channel.name)) for one in couriers}


def log_late_fault(queued: Future[Any]) -> None:
    """Log why a notice that nobody waits for any more was not queued."""
    error = queued.exception()
    if error is not None:
        _log.warning("errclass.notification_not_queued: %s", error)


def _may_go(notice: Notice, courier: Courier) -> bool:
    """Tell whether a notice needs nothing that is only in the store: what was told before, or an issue to go on."""
    return notice.priority in _URGENT and notice.kind != "resolved" and courier.channel.batches


def _tell(attempt: Future[Delivered] | None) -> ChannelReceipt:
    if attempt is None:
        return ChannelReceipt("pending", _BUSY)
    delivered = attempt.result() if attempt.done() else Delivered("again", "no result in time")
    if delivered.status == "sent":
        return ChannelReceipt("sent", "told directly, since the store was busy")
    return ChannelReceipt("pending", f"{_BUSY}; told directly it failed: {delivered.detail}")
