"""Stories happen in the order of time, none ahead of another."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from errclass.system.jobs.demo.timeline import play

START = datetime(2026, 3, 2, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def test_stories_take_turns_by_time_and_say_so_before_they_go_on() -> None:
    """A story that waits for long is overtaken by those that begin later."""
    told: list[str] = []

    def story(name: str, *minutes: float) -> Iterator[datetime]:
        for number, minute in enumerate(minutes):
            yield at(minute)
            told.append(f"{name}{number}")

    moments = []
    for moment in play([(at(0), story("a", 5, 30)), (at(10), story("b", 12, 13)), (at(20), story("c", 25))], at(60)):
        moments.append(moment)
        told.append("|")
    assert [at(5), at(12), at(13), at(25), at(30)] == moments
    assert ["|", "a0", "|", "b0", "|", "b1", "|", "c0", "|", "a1"] == told


def test_what_would_happen_at_the_end_or_later_does_not() -> None:
    """Neither of a story that began before nor of one that begins after it."""
    told: list[str] = []

    def story(name: str, minute: float) -> Iterator[datetime]:
        yield at(minute)
        told.append(name)

    assert [at(9)] == list(play([(at(0), story("a", 10)), (at(1), story("b", 9)), (at(30), story("c", 31))], at(10)))
    assert ["b"] == told


def test_equal_moments_go_by_the_order_of_the_stories() -> None:
    """So that the same stories always give the same history."""
    told: list[str] = []

    def story(name: str) -> Iterator[datetime]:
        yield at(5)
        told.append(name)

    assert 3 == len(list(play([(at(0), story(name)) for name in "abc"], at(6))))
    assert ["a", "b", "c"] == told


def test_no_stories_are_no_moments() -> None:
    """Nothing to wait for."""
    assert [] == list(play([], at(1)))
