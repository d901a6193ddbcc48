"""A store, a clock that is put forward by hand, and a system with one channel."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from errclass.actions.notify import DrainReport, Notice, NoticeRules, NotificationSystem
from errclass.outcomes import Store
from errclass.testing import FakeClock, RecordingChannel, quick_retries

START = 1_700_000_000.0
Build = Callable[..., NotificationSystem]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Return an empty store."""
    with Store(tmp_path / "store") as opened:
        yield opened


@pytest.fixture
def clock() -> FakeClock:
    """Return a clock that stands still."""
    return FakeClock(START)


@pytest.fixture(autouse=True)
def quick() -> Iterator[None]:
    """No attempt waits for the next."""
    with quick_retries():
        yield


@pytest.fixture
def channel() -> RecordingChannel:
    """Return a channel that keeps what it gets."""
    return RecordingChannel("slack")


class TimedSystem(NotificationSystem):
    """Let the time of a drain pass, also where there is nothing to send."""

    def drain(self, seconds: float = 60.0) -> DrainReport:
        assert isinstance(self._clock, FakeClock)
        end = self._clock.now + seconds
        report = super().drain(seconds)
        self._clock.move_to(end)
        return report


@pytest.fixture
def build(store: Store, clock: FakeClock, channel: RecordingChannel) -> Build:
    """Return a function that makes systems over the one store and channel."""

    def make(rules: NoticeRules | None = None, *others: RecordingChannel, **options: Any) -> NotificationSystem:
        return TimedSystem(store, others or [channel], rules, clock=clock, sleep=clock.sleep, **options)

    return make


@pytest.fixture
def notices() -> list[Notice]:
    """Return fifty different failures."""
    return [Notice(f"job {number} failed", fingerprint=f"f{number}", type="network") for number in range(50)]
