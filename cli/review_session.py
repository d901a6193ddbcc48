"""Causes, one after the other, each answered with a single key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import click

from ..system.jobs.answer_keys import assign_keys
from .review_display import HELP, show_item, show_retryable
from .review_keys import Meaning, next_retryable, read_key

if TYPE_CHECKING:
    from ..outcomes import ReviewItem

ReadKey = Callable[[], str]
Say = Callable[["ReviewItem", str, bool | None], str]
"""Called with (cause, type, whether a re-run helps); returns the id of the label, which is durable by then."""
TakeBack = Callable[[str], None]


@dataclass(slots=True)
class ReviewSession:
    """Hold how far a review is; every answer is stored before the next cause is shown."""

    items: Sequence[ReviewItem]
    types: Sequence[str]
    say: Say
    take_back: TakeBack
    place: int = 0
    retryable: bool | None = None
    answers: list[tuple[int, str]] = field(default_factory=list)
    """Place and label id of each answer that was not undone."""

    @property
    def current(self) -> ReviewItem:
        """The cause that is asked about."""
        return self.items[self.place]

    def run(self, read: ReadKey) -> int:
        """Ask about all causes until the last one, or until the person quits, and return the number of answers."""
        keys = assign_keys(self.types)
        shown = -1
        while self.place < len(self.items):
            if shown != self.place:
                shown = self.place
                show_item(self.current, f"{self.place + 1} of {len(self.items)}", keys)
            meaning = read_key(read(), keys, self.current.type)
            if meaning.action == "quit":
                break
            self.follow(meaning)
        return len(self.answers)

    def follow(self, meaning: Meaning) -> None:
        """Do what one key means."""
        if meaning.action == "answer" and meaning.type is not None:
            self._answer(meaning.type)
        elif meaning.action == "retryable":
            self.retryable = next_retryable(self.retryable)
            show_retryable(self.retryable)
        elif meaning.action == "skip":
            self._go_to(self.place + 1)
        elif meaning.action == "undo":
            self._undo()
        else:
            click.echo(HELP if meaning.action == "help" else f"this key answers nothing; {HELP}")

    def _answer(self, kind: str) -> None:
        item = self.current
        self.answers.append((self.place, self.say(item, kind, self.retryable)))
        click.echo(f"-> {kind}, for {item.count} failure{'s' if item.count != 1 else ''}")
        self._go_to(self.place + 1)

    def _undo(self) -> None:
        if not self.answers:
            click.echo("there is no answer to undo")
            return
        place, label_id = self.answers.pop()
        self.take_back(label_id)
        click.echo("the last answer is taken back")
        self._go_to(place)

    def _go_to(self, place: int) -> None:
        self.place, self.retryable = place, None
