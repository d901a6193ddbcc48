"""A promotion is noticed, and looking for one costs nearly nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from errclass.system.change_watch import ChangeWatch
from errclass.system.promotions import Promotion, Promotions


class Clock:
    """A clock that is put forward by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def promotions(tmp_path: Path) -> Promotions:
    """A shelf on which nothing was promoted."""
    return Promotions(tmp_path / "models")


def test_a_promotion_is_told_once(promotions: Promotions) -> None:
    """The first one of all, and each after it."""
    clock = Clock()
    watch = ChangeWatch(promotions.stamp, clock=clock)
    for number in range(3):
        promotions.push(Promotion(f"default/{number}"))
        clock.now += 1.0
        assert watch.has_changed()
        clock.now += 1.0
        assert not watch.has_changed()


def test_a_file_that_goes_is_a_change_too(promotions: Promotions) -> None:
    """The shipped model is in use then."""
    promotions.push(Promotion("default/1"))
    clock = Clock()
    watch = ChangeWatch(promotions.stamp, clock=clock)
    promotions.path.unlink()
    clock.now += 1.0
    assert watch.has_changed()


def test_it_looks_once_a_second() -> None:
    """However often it is asked."""
    looks = []
    clock = Clock()
    watch = ChangeWatch(lambda: looks.append(clock.now), clock=clock)
    for _ in range(30):
        watch.has_changed()
        clock.now += 0.1
    assert 1 + 2 == len(looks)


def test_nothing_that_happened_before_counts(promotions: Promotions) -> None:
    """Whoever watches has loaded what is there."""
    promotions.push(Promotion("default/1"))
    clock = Clock()
    watch = ChangeWatch(promotions.stamp, clock=clock)
    clock.now += 5.0
    assert not watch.has_changed()
