"""What is done again and again while the service runs."""

from __future__ import annotations

import logging
import threading
from types import SimpleNamespace

import pytest

from errclass.core.errors import StoreError
from errclass.serve import repeating
from errclass.serve.repeating import Repeating, find_pause

SECONDS = 60


class Looks:
    """Count looks, and fail at the first ones as it is told."""

    def __init__(self, *faults: Exception) -> None:
        self.faults, self.count = list(faults), 0
        self.enough = threading.Event()

    def __call__(self) -> None:
        self.count += 1
        if self.faults:
            raise self.faults.pop(0)
        self.enough.set()


def test_it_looks_again_and_again_whatever_goes_wrong(caplog: pytest.LogCaptureFixture) -> None:
    """A fault is logged, and does not end it."""
    looks = Looks(StoreError("locked"), RuntimeError("a fault of ours"))
    watch = Repeating(looks, 0.001, "alerts_not_checked")
    with caplog.at_level(logging.WARNING, "errclass"):
        watch.start()
        assert looks.enough.wait(SECONDS)
        watch.stop(SECONDS)
    assert ["errclass.alerts_not_checked: locked", "errclass.inner_fault"] == caplog.messages


def test_it_waits_for_a_look_under_way_and_begins_no_other() -> None:
    """When it is told to stop."""
    inside, leave, count = threading.Event(), threading.Event(), []

    def look() -> None:
        count.append(1)
        inside.set()
        leave.wait(SECONDS)

    watch = Repeating(look, 0.001, "alerts_not_checked")
    watch.start()
    assert inside.wait(SECONDS)
    watch.stop(0.0)
    leave.set()
    watch.stop(SECONDS)
    assert [1] == count


@pytest.mark.parametrize(
    ("took", "share", "pause"), [(0.0, 0.1, 60.0), (6.0, 0.1, 60.0), (20.0, 0.1, 180.0), (300.0, 1.0, 60.0)]
)
def test_what_takes_long_is_done_less_often(took: float, share: float, pause: float) -> None:
    """So that looking at a large store keeps no core busy for ever."""
    assert pytest.approx(pause) == find_pause(60.0, took, share)


def test_a_share_of_the_time_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """By how long the work took; ``find_pause`` says what follows."""
    asked: list[tuple[float, float, float]] = []

    def note(interval: float, took: float, share: float) -> float:
        asked.append((interval, took, share))
        return 3600.0

    moments = iter((100.0, 120.0))
    monkeypatch.setattr(repeating, "find_pause", note)
    monkeypatch.setattr(repeating, "time", SimpleNamespace(monotonic=lambda: next(moments)))
    watch = Repeating(looks := Looks(), 60.0, "alerts_not_checked", at_once=True, share=0.1)
    watch.start()
    assert looks.enough.wait(SECONDS)
    watch.stop(SECONDS)
    assert [(60.0, 20.0, 0.1)] == asked


def test_one_that_never_began_is_stopped_at_once() -> None:
    """As where alerts are switched off."""
    Repeating(Looks(), 1.0, "alerts_not_checked").stop(SECONDS)


def test_it_may_begin_at_once() -> None:
    """Without waiting for the first interval."""
    looks = Looks()
    watch = Repeating(looks, 3600.0, "reports_not_made", at_once=True)
    watch.start()
    assert looks.enough.wait(SECONDS)
    watch.stop(SECONDS)
    assert 1 == looks.count
