"""Carry what waits for one channel, one message after the other."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable

from ...core.errors import StoreError
from ...core.ids import new_id
from ...core.mail import WAITING, MailDelivery
from .channel import Channel, Delivered, Dispatch
from .claiming import Idle, Sender, claim_next
from .composing import read_dispatch
from .mail_keeper import MailBox, MailKeeper
from .notes import read_topic
from .notice import Notice
from .notice_rules import NoticeRules
from .sending import TOTAL_SECONDS, deliver_once, send_dispatch
from .settling import Settled, settle_delivery

Listener = Callable[[Settled], None]
_log = logging.getLogger("errclass")
_STORE_PAUSE = 5.0
"""Seconds until a store that could not be used is asked again."""
_FAULT_PAUSE = 30.0
"""Seconds until it is tried again after a fault of our own."""


class Courier:
    """Send for one channel; several, in any processes, may do so at once and send nothing twice within a lease.

    ``clock`` gives seconds since 1970.
    """

    def __init__(
        self,
        channel: Channel,
        keeper: MailKeeper,
        rules: NoticeRules,
        listener: Listener,
        *,
        clock: Callable[[], float] = time.time,
        draw: Callable[[], float] = random.random,
    ) -> None:
        self.channel = channel
        self._keeper = keeper
        self._rules = rules
        self._listener = listener
        self._clock = clock
        self._draw = draw
        self._sender = Sender(channel.name, channel.pace, channel.batches, holder=new_id())
        self._lock = threading.Lock()
        self._channel_lock = threading.Lock()

    def now(self) -> float:
        """Return the time by its clock."""
        return self._clock()

    def send_next(self, seconds: float = TOTAL_SECONDS) -> Settled | Idle:
        """Send one message for at most about ``seconds``, or return until when there is nothing to send.

        Never raises.
        """
        with self._lock:
            try:
                if not self._keeper.read_mail(self._has_work, absent=False):
                    return Idle(float("inf"))
                claimed = self._keeper.change_mail(self._claim)
                return claimed if isinstance(claimed, Idle) else self._send(*claimed, seconds)
            except StoreError as error:
                _log.warning("errclass.notifications_wait: %s: %s", self.channel.name, error)
                return Idle(self._clock() + _STORE_PAUSE, faulty=True)
            except Exception:  # noqa: BLE001 - the rim: couriers go on, whatever goes wrong in here
                _log.exception("errclass.inner_fault")
                return Idle(self._clock() + _FAULT_PAUSE, faulty=True)

    def send_now(self, notice: Notice, seconds: float) -> Delivered:
        """Try once to send a notice past the queue, when the channel is free; both take at most ``seconds``."""
        if self._rules.find_maintenance(notice, self.channel.name, self._clock()) is not None:
            return Delivered("again", "it is held, since there is maintenance")
        if not self._channel_lock.acquire(timeout=seconds):
            return Delivered("again", "the channel is busy")
        try:
            return deliver_once(self.channel, Dispatch(notice.id, notice), seconds)
        finally:
            self._channel_lock.release()

    def _has_work(self, box: MailBox) -> bool:
        """Tell whether anything waits; looking locks nobody out, and makes no store."""
        return bool(box.list_entries(channel=self.channel.name, states=(*WAITING, "leaving"), limit=1))

    def _claim(self, box: MailBox) -> tuple[MailDelivery, str | None] | Idle:
        found = claim_next(box, self._sender, self._clock(), self._rules)
        return found if isinstance(found, Idle) else (found, _find_reference(box, found))

    def _send(self, leased: MailDelivery, reference: str | None, seconds: float) -> Settled:
        dispatch = read_dispatch(leased, reference)
        if isinstance(dispatch, Delivered):
            delivered = dispatch
        else:
            with self._channel_lock:  # a channel is used by one thread at a time
                delivered = send_dispatch(self.channel, dispatch, seconds=seconds)

        def settle(box: MailBox) -> Settled:
            return settle_delivery(box, leased, delivered, self._clock(), self._draw)

        settled = self._keeper.change_mail(settle)
        if delivered.status != "sent":
            _log.warning("errclass.notification_failed: %s: %s", self.channel.name, delivered.detail)
        self._listener(settled)
        return settled


def _find_reference(box: MailBox, leased: MailDelivery) -> str | None:
    topic = leased.document.get("topic")
    memory = read_topic(box, leased.channel, topic) if isinstance(topic, str) else None
    return memory.reference if memory else None
