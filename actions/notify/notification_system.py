"""Tell people what failed: durably queued, really sent, never in anybody's way."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import Future, wait
from typing import Any, Self

from ...core.background_call import call_in_background
from ...core.errors import ErrclassError, UsageError
from ...core.frozen import FrozenDict
from ...core.mail import WAITING, MailDelivery, MailEntry
from .background_courier import BackgroundCourier
from .channel import Channel, Delivered, Dispatch
from .courier import Courier, Listener
from .draining import DrainReport, drain_couriers
from .failing import list_failing
from .mail_keeper import MailBox, MailKeeper
from .notice import Notice
from .notice_rules import NoticeRules
from .notice_statistics import NoticeStatistics, sum_up
from .preparing import prepare_notice
from .queueing import queue_notice
from .receipt import ChannelReceipt, Receipt, read_receipt
from .sending import send_dispatch
from .settling import revive_delivery
from .unqueued import STORE_SECONDS, log_late_fault, tell_unqueued

_log = logging.getLogger("errclass")
_DAY = 86_400.0
KEPT = 30 * _DAY
"""Seconds for which what was sent stays in the inbox; the history keeps it longer."""
_REMEMBERED = 90 * _DAY
"""Seconds after which a topic that nobody heard of is new again."""
STOP_SECONDS = 5.0
_MOST = 1_000_000


class NotificationSystem:
    """Queue notices and send them through channels.

    ``send_notification`` writes to the inbox and returns; it never raises and never waits for a channel, unless the
    store is locked for two seconds: then what is urgent is tried once, for some seven more. What waits is
    sent by threads of their own after ``start``, by ``drain``, or by another process on the same store. Without
    ``acting`` nothing is sent: notices are kept and told when it is allowed again. ``listener`` gets every delivery
    with the entries that came to an end. ``clock`` gives seconds since 1970. Safe to share between threads.
    """

    def __init__(
        self,
        keeper: MailKeeper,
        channels: Iterable[Channel] = (),
        rules: NoticeRules | None = None,
        *,
        acting: bool = True,
        listener: Listener | None = None,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._keeper = keeper
        self._rules = rules or NoticeRules()
        self._acting = acting
        self._listener = listener or (lambda _: None)
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._late: set[Future[list[MailEntry]]] = set()
        """Notices that the store has not taken yet."""
        self._couriers: dict[str, Courier] = {}
        self._threads: dict[str, BackgroundCourier] = {}
        self._started = False
        for channel in channels:
            self.register_channel(channel)

    @property
    def channels(self) -> tuple[str, ...]:
        """Names of the channels."""
        return tuple(self._couriers)

    def register_channel(self, channel: Channel) -> None:
        """Send through this channel too; it takes the place of one of its name. Raises UsageError for what is none."""
        if not isinstance(channel, Channel):
            raise UsageError(f"{type(channel).__name__} is no channel: it lacks name, pace, batches or deliver")
        with self._lock:
            courier = Courier(channel, self._keeper, self._rules, self._listen, clock=self._clock)
            self._couriers[channel.name] = courier
            before = self._threads.pop(channel.name, None)
            if before is not None:
                before.stop()
            if self._started:
                self._threads[channel.name] = BackgroundCourier(courier, self._tidy)

    def send_notification(self, notice: Notice, channels: str | Sequence[str] | None = None) -> Receipt:
        """Queue a notice for the named channel or channels, or for all; its receipt tells what becomes of it."""
        if isinstance(channels, str):
            channels = (channels,)
        try:
            prepared = prepare_notice(notice)
            receipt = self._hand_in(prepared, self._choose(channels))
        except ErrclassError as error:
            _log.warning("errclass.notification_not_queued: %s", error)
            return Receipt(str(notice.id), error=str(error))
        except Exception as error:  # noqa: BLE001 - the rim: whoever has something to tell has trouble enough
            _log.exception("errclass.inner_fault")
            return Receipt(str(getattr(notice, "id", "")), error=f"{type(error).__name__}: {error}")
        self._wake()
        missing = [name for name in channels or () if name not in self._couriers]
        skipped = {name: ChannelReceipt("skipped", "no such channel is set up") for name in missing}
        return Receipt(prepared.id, FrozenDict({**receipt.channels, **skipped}))

    async def asend_notification(self, notice: Notice, channels: str | Sequence[str] | None = None) -> Receipt:
        """Queue a notice, likewise, without holding up other tasks."""
        return await asyncio.to_thread(self.send_notification, notice, channels)

    def start(self) -> Self:
        """Send what waits, and what comes, in threads of their own; does nothing while acting is switched off."""
        with self._lock:
            if self._acting and not self._started:
                self._started = True
                self._threads = {
                    name: BackgroundCourier(courier, self._tidy) for name, courier in self._couriers.items()
                }
        return self

    def stop(self, seconds: float = STOP_SECONDS) -> DrainReport:
        """End the threads and send what is due, for at most ``seconds`` in all; what is left waits in the inbox."""
        deadline = time.monotonic() + seconds
        with self._lock:
            threads, self._threads, self._started = list(self._threads.values()), {}, False
        for thread in threads:
            thread.stop()
        for thread in threads:
            thread.join(deadline - time.monotonic())
        return self.drain(max(0.0, deadline - time.monotonic()))

    def drain(self, seconds: float = 60.0) -> DrainReport:
        """Send what is due now and what comes due within ``seconds``, and return no later than about that."""
        report = DrainReport()
        if self._acting:
            report = drain_couriers(tuple(self._couriers.values()), self._await_late(seconds), self._sleep)
            self._tidy()
        return report

    async def adrain(self, seconds: float = 60.0) -> DrainReport:
        """Send what is due, likewise, without holding up other tasks."""
        return await asyncio.to_thread(self.drain, seconds)

    def test_channel(self, name: str) -> Delivered:
        """Send a test message at once, past queue and limits; raises UsageError for an unknown channel."""
        courier = self._couriers.get(name)
        if courier is None:
            known = ", ".join(self._couriers) or "none"
            raise UsageError(f"{name}: no such channel is set up; set up: {known}")
        if not self._acting:
            return Delivered("refused", "acting is switched off")
        notice = prepare_notice(Notice("errclass can reach this channel", kind="test", priority="low"))
        return send_dispatch(courier.channel, Dispatch(notice.id, notice))

    def get_receipt(self, notice_id: str) -> Receipt:
        """Return what has become of a notice; one that nobody knows is ``skipped``. Raises StoreError."""

        def read(box: MailBox) -> Receipt:
            entries = box.list_entries(notice_id=notice_id)
            found = {entry.delivery_id: box.find_delivery(entry.delivery_id) for entry in entries if entry.delivery_id}
            return read_receipt(notice_id, entries, {key: one.error for key, one in found.items() if key and one})

        return self._keeper.read_mail(read, absent=Receipt(notice_id))

    def list_failing(self, place: Notice) -> list[Notice]:
        """Return the last notice of each failure that channels were told of, and of whose end they were not.

        Those with the operation, environment, repository and branch of ``place``. Raises StoreError.
        """
        prepared = prepare_notice(place)
        return self._keeper.read_mail(lambda box: list_failing(box, prepared), absent=[])

    def get_statistics(self) -> NoticeStatistics:
        """Return counts over all processes that share the inbox. Raises StoreError."""
        return sum_up(self._keeper.read_mail(lambda box: box.count_states(), absent=[]))

    def get_history(self, limit: int = 100, *, waiting: bool = False) -> list[MailEntry]:
        """Return the newest notices with their states, or only those that wait. Raises StoreError."""
        states = (*WAITING, "leaving") if waiting else ()
        return self._keeper.read_mail(lambda box: box.list_entries(states=states, limit=limit, newest=True), absent=[])

    def list_dead_letters(self) -> list[MailDelivery]:
        """Return deliveries that were given up. Raises StoreError."""
        return self._keeper.read_mail(lambda box: box.list_deliveries(state="dead", limit=_MOST), absent=[])

    def resend(self, delivery_ids: Sequence[str] | None = None) -> int:
        """Have dead letters, all or the named ones, tried again, and return how many. Raises StoreError.

        Raises UsageError for an id that is none of a dead letter.
        """
        dead = {one.id: one for one in self.list_dead_letters()}
        unknown = [name for name in delivery_ids or () if name not in dead]
        if unknown:
            raise UsageError(f"{unknown[0]}: no dead letter has this id; errclass notifications list --dead shows them")
        chosen = list(dead.values()) if delivery_ids is None else [dead[name] for name in dict.fromkeys(delivery_ids)]
        if not chosen:
            return 0

        def revive(box: MailBox) -> int:
            found = [box.find_delivery(one.id) for one in chosen]
            still = [one for one in found if one is not None and one.state == "dead"]
            for one in still:
                revive_delivery(box, one, self._clock())
            return len(still)

        revived = self._keeper.change_mail(revive)
        self._wake()
        return revived

    def clear_queue(self) -> int:
        """Drop what waits and is in no delivery yet, and return how many notices that were. Raises StoreError."""

        def clear(box: MailBox) -> int:
            waiting = box.list_entries(states=WAITING, limit=_MOST)
            box.move_entries([entry.id for entry in waiting], "dropped", ended_at=self._clock())
            return len(waiting)

        return self._keeper.change_mail(clear)

    def reset(self) -> None:
        """Forget all notices, deliveries, limits and what was told, of all processes. Raises StoreError."""
        self._keeper.change_mail(lambda box: box.clear())

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _choose(self, channels: Sequence[str] | None) -> list[Courier]:
        names = self._couriers if channels is None else dict.fromkeys(channels)
        return [courier for name in names if (courier := self._couriers.get(name))]

    def _hand_in(self, notice: Notice, couriers: list[Courier]) -> Receipt:
        """Queue a notice; where the store takes too long, tell it directly, and queue it when the store is free."""
        if not couriers:
            return Receipt(notice.id)
        told: set[str] = set()
        queued = call_in_background(lambda: self._queue(notice, couriers, told))
        if queued in wait([queued], STORE_SECONDS).done:
            return read_receipt(notice.id, queued.result())
        self._late.add(queued)
        queued.add_done_callback(self._late.discard)
        queued.add_done_callback(log_late_fault)
        queued.add_done_callback(lambda _: self._wake())
        found = tell_unqueued(notice, couriers, acting=self._acting)
        told.update(name for name, receipt in found.items() if receipt.status == "sent")
        return Receipt(notice.id, FrozenDict(found))

    def _await_late(self, seconds: float) -> float:
        """Wait for notices that the store has not taken yet, and return the seconds that are left."""
        late, started = tuple(self._late), time.monotonic()
        if not late:
            return seconds
        wait(late, seconds)
        return max(0.0, seconds - (time.monotonic() - started))

    def _queue(self, notice: Notice, couriers: list[Courier], told: Collection[str]) -> list[MailEntry]:
        """Queue a notice, for channels that were ``told`` directly as one that was sent."""

        def queue(box: MailBox) -> list[MailEntry]:
            now = self._clock()
            entries = [self._queue_for(box, notice, one.channel, now) for one in couriers]
            box.move_entries([entry.id for entry in entries if entry.channel in told], "sent", ended_at=now)
            return entries

        return self._keeper.change_mail(queue)

    def _queue_for(self, box: MailBox, notice: Notice, channel: Channel, now: float) -> MailEntry:
        return queue_notice(box, notice, channel.name, now, self._rules, acting=self._acting, batches=channel.batches)

    def _wake(self) -> None:
        for thread in tuple(self._threads.values()):
            thread.wake()

    def _listen(self, settled: Any) -> None:
        try:
            self._listener(settled)
        except Exception:  # noqa: BLE001 - likewise
            _log.exception("errclass.inner_fault")

    def _tidy(self) -> None:
        now = self._clock()
        try:
            if self._keeper.read_mail(lambda box: bool(box.list_entries(limit=1)), absent=False):
                self._keeper.change_mail(lambda box: box.prune(now - KEPT, now - _REMEMBERED))
        except ErrclassError as error:
            _log.warning("errclass.notifications_not_pruned: %s", error)
