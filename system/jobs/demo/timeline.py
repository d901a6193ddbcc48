"""Let many stories happen in the order of time, each a generator of the moments at which it goes on."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from datetime import datetime

Story = Iterator[datetime]


def play(stories: Iterable[tuple[datetime, Story]], until: datetime) -> Iterator[datetime]:
    """Yield each moment before ``until`` at which a story goes on, just before it does; one side is never ahead.

    ``stories`` come in the order of their beginnings, and are begun when the time is there.
    """
    waiting: list[tuple[datetime, int, Story]] = []
    for number, (begins, story) in enumerate(stories):
        yield from _catch_up(waiting, min(begins, until))
        _wait(waiting, number, story)
    yield from _catch_up(waiting, until)


def _catch_up(waiting: list[tuple[datetime, int, Story]], until: datetime) -> Iterator[datetime]:
    while waiting and waiting[0][0] < until:
        moment, number, story = heapq.heappop(waiting)
        yield moment
        _wait(waiting, number, story)


def _wait(waiting: list[tuple[datetime, int, Story]], number: int, story: Story) -> None:
    """Let a story happen until its next moment."""
    moment = next(story, None)
    if moment is not None:
        heapq.heappush(waiting, (moment, number, story))
