"""What a clock that was ahead left behind keeps nothing waiting."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from errclass.actions.notify import Delivered, Notice, NoticeRules, NotificationSystem
from errclass.actions.notify.clock_faults import SKEW
from errclass.actions.notify.lane import Lane
from errclass.testing import FakeClock, RecordingChannel

Build = Callable[..., NotificationSystem]
RULES = NoticeRules()


@pytest.mark.parametrize("ahead", [120.0, 1800.0, 7200.0])
def test_a_corrected_clock_lets_the_channel_go_on(
    build: Build, channel: RecordingChannel, clock: FakeClock, notices: list[Notice], ahead: float
) -> None:
    """Pause, limit, leases and what was told are of a time that has not been."""
    right = clock.now
    clock.now += ahead
    system = build()
    for notice in notices[:12]:
        system.send_notification(notice)
    channel.results = [Delivered("again", "HTTP 503", retry_after=100.0)]
    system.drain(1)
    clock.now = right
    system.send_notification(Notice("production is down", priority="critical"))
    system.send_notification(notices[0])
    system.drain(200)
    assert "production is down" == channel.sent[0].content.what  # type: ignore[union-attr]
    assert {notice.what for notice in notices[:8]} <= {getattr(one.content, "what", "") for one in channel.sent}


def test_what_was_told_by_a_clock_that_was_ahead_is_no_repeat(
    build: Build, channel: RecordingChannel, clock: FakeClock
) -> None:
    """It is told again, and then it is quiet."""
    right = clock.now
    clock.now += 7200
    system = build()
    for number in range(3):
        system.send_notification(Notice("x", fingerprint="f", id=f"{number}"))
        system.drain(1)
        clock.now = min(clock.now, right + 60 * number)
    assert 2 == len(channel.sent)


def test_what_was_held_by_a_clock_that_was_ahead_is_told(
    build: Build, channel: RecordingChannel, clock: FakeClock
) -> None:
    """As soon as acting is switched on."""
    right = clock.now
    clock.now += 7200
    build(acting=False).send_notification(Notice("x"))
    clock.now = right
    build().drain(1)
    assert 1 == len(channel.sent)


def test_clocks_that_differ_by_seconds_share_one_limit() -> None:
    """Machines are never quite of one mind."""
    lane = Lane("high", tuple(1000.0 + second for second in range(9)))
    assert not lane.has_room(1000.0 - SKEW / 2, RULES)
    assert lane.has_room(1000.0 - SKEW - 1, RULES)
