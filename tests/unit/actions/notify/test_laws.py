"""What holds whatever happens, in whatever order: nothing is lost, and the limit is never exceeded."""

from __future__ import annotations

import sqlite3
from bisect import bisect_right
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar

from hypothesis import given, settings
from hypothesis import strategies as st

from errclass.actions.notify import Delivered, Maintenance, Notice, NoticeRules, NotificationSystem
from errclass.actions.notify.lane import Lane
from errclass.outcomes.mail_tables import MailTables
from errclass.outcomes.migrating import load_migrations
from errclass.testing import FakeClock, RecordingChannel, quick_retries

T = TypeVar("T")
START = 1_700_000_000.0
ENDS = {"sent", "named", "dropped", "dead"}


class MemoryKeeper:
    """Keep notices in memory, in the inbox's tables."""

    def __init__(self) -> None:
        self.connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        for step in load_migrations("inbox"):
            if step.name == "mail":
                self.connection.executescript(step.sql)

    def change_mail(self, work: Callable[[Any], T]) -> T:
        return work(MailTables(self.connection.execute))

    def read_mail(self, work: Callable[[Any], T], *, absent: T) -> T:
        return self.change_mail(work)


@contextmanager
def keep() -> Iterator[MemoryKeeper]:
    keeper = MemoryKeeper()
    try:
        yield keeper
    finally:
        keeper.connection.close()


class TimedChannel(RecordingChannel):
    """Note when each message came."""

    def __init__(self, clock: FakeClock, results: list[Delivered], *, batches: bool) -> None:
        super().__init__("slack", results, batches=batches)
        self.clock = clock
        self.times: dict[str, list[float]] = {}

    def deliver(self, dispatch: Any, timeout: float) -> Delivered:
        self.times.setdefault(dispatch.content.priority, []).append(self.clock.now)
        return super().deliver(dispatch, timeout)


EVENTS = st.tuples(
    st.sampled_from(["failure", "failure", "resolved", "alert"]),
    st.integers(0, 7),
    st.sampled_from(["low", "high", "critical"]),
    st.sampled_from([0.0, 0.0, 1.0, 30.0, 200.0, 1000.0]),
    st.booleans(),
)
RESULTS = st.lists(
    st.sampled_from([Delivered("sent"), Delivered("again", "x"), Delivered("again", "x", 100.0), Delivered("refused")]),
    max_size=12,
)


@settings(max_examples=100, deadline=None)
@given(st.lists(EVENTS, max_size=60), RESULTS, st.integers(1, 5), st.booleans())
def test_nothing_is_lost_and_the_limit_holds(
    events: list[tuple[str, int, str, float, bool]], results: list[Delivered], limit: int, batches: bool
) -> None:
    """Every notice ends as sent, named in another message, dropped with a reason, or dead; no window holds too many.

    Of one topic there is one message under way at most.
    """
    clock = FakeClock(START)
    quiet = Maintenance(datetime.fromtimestamp(START + 500, UTC), datetime.fromtimestamp(START + 900, UTC))
    rules = NoticeRules(limit=limit, maintenance=(quiet,))
    with keep() as keeper, quick_retries(attempts=1):
        channel = TimedChannel(clock, list(results), batches=batches)
        system = NotificationSystem(keeper, [channel], rules, clock=clock, sleep=clock.sleep)
        sent = []
        for kind, topic, priority, pause, drains in events:
            notice = Notice(f"topic {topic}", kind=kind, fingerprint=f"{topic}", priority=priority)  # type: ignore[arg-type]
            assert system.send_notification(notice).status != "failed"
            sent.append(notice)
            if drains:
                system.drain(0.5)
            leaving = {(one.topic, one.delivery_id) for one in system.get_history(100) if one.state == "leaving"}
            assert len(leaving) == len(dict(leaving))
            clock.sleep(pause)
        for _ in range(100):
            system.drain(600)
            clock.sleep(60)
            if not system.get_history(1, waiting=True):
                break
        entries = {entry.notice_id: entry for entry in system.get_history(10_000)}
        assert {notice.id for notice in sent} == set(entries)
        assert set() == {entry.state for entry in entries.values()} - ENDS
        arrived = {one.key for one in channel.sent}
        for entry in entries.values():
            assert (entry.state in ("sent", "named")) == (entry.delivery_id in arrived)
            assert entry.state != "dropped" or entry.document["kind"] == "resolved"
        for name, times in channel.times.items():
            assert name == "critical" or all(
                bisect_right(times, moment + rules.window - 0.001) - index <= limit
                for index, moment in enumerate(times)
            )
        firsts = {notice.topic: entries[notice.id] for notice in reversed(sent) if notice.kind != "resolved"}
        assert set() == {entry.reason for entry in firsts.values()} & {"repeat", "flapping"}


@given(st.lists(st.floats(0, 1000), max_size=80), st.integers(1, 12))
def test_a_lane_lets_no_more_through_than_its_limit(moments: list[float], limit: int) -> None:
    """And keeps one place for a digest."""
    rules = NoticeRules(limit=limit)
    lane = Lane("high")
    for now in sorted(moments):
        if lane.has_room(now, rules):
            lane = lane.note(now, rules)
        within = [moment for moment in lane.sent if now - moment < rules.window]
        assert len(within) <= max(0, limit - 1)
        assert lane.free_at(now, rules) <= now


@given(st.lists(st.floats(0, 1000), max_size=40), st.integers(1, 8), st.floats(0, 1000))
def test_a_digest_may_go_when_the_lane_says_so(moments: list[float], limit: int, now: float) -> None:
    """Not before, and then it may."""
    rules, lane = NoticeRules(limit=limit), Lane("low")
    for moment in sorted(moments):
        if lane.free_at(moment, rules) <= moment:
            lane = lane.note(moment, rules)
    at = max(now, *lane.sent) if lane.sent else now
    free = lane.free_at(at, rules)
    later = max(at, free)
    assert lane.free_at(later, rules) <= later


JUMPS = st.lists(
    st.tuples(EVENTS, st.sampled_from([0.0, 0.0, 90.0, 1800.0, 7200.0, 9e6, -90.0, -1800.0, -7200.0, -9e6])),
    max_size=25,
)


@settings(max_examples=100, deadline=None)
@given(JUMPS, RESULTS)
def test_a_clock_that_jumps_silences_no_channel(
    events: list[tuple[tuple[str, int, str, float, bool], float]], results: list[Delivered]
) -> None:
    """Whatever it showed, a critical notice goes within a few minutes, and all others come to an end."""
    clock = FakeClock(START)
    with keep() as keeper, quick_retries(attempts=1):
        channel = RecordingChannel("slack", results)
        system = NotificationSystem(keeper, [channel], clock=clock, sleep=clock.sleep)
        for (kind, topic, priority, pause, drains), jump in events:
            notice = Notice(f"topic {topic}", kind=kind, fingerprint=f"{topic}", priority=priority)  # type: ignore[arg-type]
            assert system.send_notification(notice).status != "failed"
            if drains:
                system.drain(0.5)
            clock.now += pause + jump
        channel.results.clear()
        news = Notice("production is down", priority="critical")
        system.send_notification(news)
        for _ in range(6):
            system.drain(30)
            clock.sleep(30)
        assert "sent" == system.get_receipt(news.id).status
        for _ in range(100):
            system.drain(600)
            clock.sleep(60)
        assert [] == system.get_history(1, waiting=True)
