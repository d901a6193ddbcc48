"""Looks that are told with their age."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

import pytest

from errclass.core.errors import StoreError
from errclass.serve.metrics.aged_look import LONGEST_PAUSE, OLDEST, AgedLook
from errclass.serve.metrics.metric import Sample

SECONDS = 60


class Bench:
    """A look of which a test says how long it takes and what it finds."""

    def __init__(self, every: float = 60.0) -> None:
        self.now, self.looks, self.takes, self.faults = 0.0, 0, 0.0, 0
        self.fails: Exception | None = None
        self.look = AgedLook("figures", self._look, every=every, clock=lambda: self.now, on_fault=self._note)

    def read(self) -> dict[str, float]:
        """Return what is told, by the names without the beginning that all have."""
        return {sample.name.removeprefix("errclass_look_"): sample.value for sample in self.look.read()}

    def read_after(self, *, looks: int) -> dict[str, float]:
        """Return what is told once a look that this begins has ended."""
        before = self.looks
        self.read()
        wait_until(lambda: self.looks == before + looks and self.is_idle)
        return self.read()

    @property
    def is_idle(self) -> bool:
        under_way = self.look._under_way
        return under_way is None or under_way.done()

    def _look(self) -> Iterable[Sample]:
        self.looks += 1
        self.now += self.takes
        if self.fails:
            raise self.fails
        return [Sample("found", float(self.looks))]

    def _note(self) -> None:
        self.faults += 1


def wait_until(holds: Callable[[], bool]) -> None:
    """Wait for another thread."""
    end = threading.Event()
    for _ in range(SECONDS * 100):
        if holds():
            return
        end.wait(0.01)
    raise AssertionError


def test_nothing_is_told_before_anything_was_found() -> None:
    """And whoever asks does not wait."""
    may_end = threading.Event()

    def look() -> Iterable[Sample]:
        may_end.wait(SECONDS)
        return [Sample("found", 1.0)]

    aged = AgedLook("figures", look, every=60.0)
    assert [] == list(aged.read())
    may_end.set()
    assert "found" in {sample.name for sample in aged.read(SECONDS)}


def test_what_was_found_is_told_with_its_age() -> None:
    """Since it began to look, and with how long it took."""
    bench = Bench()
    bench.takes = 2.0
    first = bench.read_after(looks=1)
    bench.now += 30.0
    assert {"found": 1.0, "age_seconds": 2.0, "duration_seconds": 2.0, "ok": 1.0} == first
    assert {"found": 1.0, "age_seconds": 32.0, "duration_seconds": 2.0, "ok": 1.0} == bench.read()
    assert 1 == bench.looks


@pytest.mark.parametrize(("takes", "pause"), [(0.0, 60.0), (5.0, 60.0), (20.0, 200.0), (100.0, LONGEST_PAUSE)], ids=str)
def test_looks_take_a_tenth_of_the_time_at_most(takes: float, pause: float) -> None:
    """But no more than ten minutes lie between them, and no less than was asked for."""
    bench = Bench()
    bench.takes = takes
    bench.read_after(looks=1)
    bench.now += pause - 0.1
    assert 1.0 == bench.read()["found"]
    bench.now += 0.1
    assert 2.0 == bench.read_after(looks=1)["found"]


def test_a_look_that_fails_leaves_the_one_before() -> None:
    """It is counted, and tried again after a while, not at once."""
    bench = Bench()
    bench.read_after(looks=1)
    bench.now, bench.fails = 60.0, OSError("locked")
    told = bench.read_after(looks=1)
    assert ({"found": 1.0, "age_seconds": 60.0, "duration_seconds": 0.0, "ok": 0.0}, 1) == (told, bench.faults)
    bench.now = 119.9
    bench.read()
    assert 2 == bench.looks
    bench.now, bench.fails = 120.0, None
    assert {"found": 3.0, "age_seconds": 0.0, "duration_seconds": 0.0, "ok": 1.0} == bench.read_after(looks=1)


def test_a_store_that_cannot_be_read_is_no_fault_of_ours() -> None:
    """Another process may hold it; that it could not be read is told."""
    bench = Bench()
    bench.fails = StoreError("another process holds it")
    assert ({"ok": 0.0}, 0) == (bench.read_after(looks=1), bench.faults)


def test_a_first_look_that_fails_says_only_so() -> None:
    """No figure stands for what is not known."""
    bench = Bench()
    bench.fails = OSError("locked")
    assert {"ok": 0.0} == bench.read_after(looks=1)


def test_what_is_too_old_is_told_no_more() -> None:
    """Only its age is."""
    bench = Bench()
    bench.read_after(looks=1)
    bench.fails = OSError("locked")
    bench.now = OLDEST - 0.1
    assert 1.0 == bench.read_after(looks=1)["found"]
    bench.now = OLDEST
    assert {"age_seconds": OLDEST, "duration_seconds": 0.0, "ok": 0.0} == bench.read()


def test_while_it_looks_the_old_is_told_and_of_many_one_looks() -> None:
    """However long it takes: a store that is locked holds up nobody."""
    may_end, began, looks = threading.Event(), threading.Event(), []
    may_end.set()

    def look() -> Iterable[Sample]:
        looks.append(1)
        began.set()
        may_end.wait(SECONDS)
        return [Sample("found", float(len(looks)))]

    now = [0.0]
    aged = AgedLook("figures", look, every=1.0, clock=lambda: now[0])
    assert 1.0 == {sample.name: sample.value for sample in aged.read(SECONDS)}["found"]
    may_end.clear()
    began.clear()
    now[0] = 500.0
    told = [{sample.name: sample.value for sample in aged.read()} for _ in range(100)]
    assert began.wait(SECONDS)
    assert ([1.0] * 100, {500.0}, 2) == (
        [one["found"] for one in told],
        {one["errclass_look_age_seconds"] for one in told},
        len(looks),
    )
    may_end.set()


def test_the_end_waits_for_what_is_just_read_and_for_no_more() -> None:
    """What a look has not come to yet is left, nothing half is told, and no further look begins."""
    may_go_on, reads = threading.Event(), []

    def look() -> Iterable[Sample]:
        for number in range(3):
            reads.append(number)
            may_go_on.wait(SECONDS)
            yield Sample("found", float(number))

    aged = AgedLook("figures", look, every=0.0)
    assert [] == list(aged.read())
    wait_until(lambda: reads == [0])
    ending = threading.Thread(target=aged.stop)
    ending.start()
    wait_until(aged._stopped.is_set)
    assert ending.is_alive()
    may_go_on.set()
    ending.join(SECONDS)
    assert ([0], [], False) == (reads, list(aged.read()), ending.is_alive())
    assert [0] == reads


def test_what_never_looked_ends_at_once() -> None:
    """And then looks no more."""
    looks: list[int] = []
    aged = AgedLook("figures", lambda: looks.append(1) or (), every=0.0)  # type: ignore[func-returns-value]
    aged.stop()
    assert ([], []) == (list(aged.read()), looks)
