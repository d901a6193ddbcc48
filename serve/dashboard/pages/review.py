"""The causes that are most worth asking a person about, each answered with one key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from ....outcomes import ReviewItem, load_review_queue
from ....system.jobs.answer_keys import assign_keys
from ....system.jobs.answering import read_retryable
from ...service import Labelling
from ..asked import Answer, Asked
from ..place import PREFIX
from ..routing import show, take
from ..sessions import LastAnswer

MOST: Final = 100
ADDRESS: Final = f"{PREFIX}/review"
LOOK: Final = "review"
_FRESH = 30.0
_ALTERNATIVE = 0.05
"""Probability from which on another type is worth naming."""
_ID_CHARS, _TYPE_CHARS = 64, 256


async def show_queue(asked: Asked) -> Answer:
    """Show one cause, and the ones after it."""
    service = asked.board.service
    look = await asked.take_look(LOOK, lambda: load_review_queue(service.store, limit=MOST), fresh=_FRESH)
    if look.value is None or look.taken_at is None:
        return asked.render_look("review.html", "Review", look)
    answered = asked.board.answered.since(look.taken_at)
    waiting = _leave_out(look.value, asked.query.get("find", ""), answered)
    if answered and len(answered) >= len(look.value):  # there may be more than were looked for
        asked.board.looks.drop(LOOK)
    place = _choose_place(asked.query.get("at", ""), len(waiting))
    types = (await asked.ask(service.get_parts)).model.taxonomy.names
    return asked.render(
        "review.html",
        look=look,
        waiting=waiting,
        place=place,
        item=waiting[place] if waiting else None,
        find=asked.query.get("find", ""),
        keys=assign_keys(types),
        last=asked.session.last_answer if asked.session else None,
        may_label="label" in asked.caller.scopes,
        least=_ALTERNATIVE,
    )


async def take_answer(asked: Asked) -> Answer:
    """Keep what a person says of a cause, and show the next one."""
    given, cause = asked.form, asked.form.get("cause", "")
    labelling = Labelling(
        given.get("outcome_id", "")[:_ID_CHARS],
        given.get("type", "")[:_TYPE_CHARS],
        read_retryable(given.get("retryable", "")),
        spreads=True,
    )
    label = await asked.keep(asked.board.service.label, labelling, asked.caller.author)
    asked.board.answered.add(cause)
    if asked.session is not None:
        asked.session.last_answer = LastAnswer(label["outcome_id"], label["label_id"], label["type"], cause)
    return asked.redirect(_address(given))


async def take_back(asked: Asked) -> Answer:
    """Take the last answer of the session back."""
    last = asked.session.last_answer if asked.session else None
    if last is not None and asked.session is not None:
        service = asked.board.service
        await asked.keep(service.undo_label, last.outcome_id, last.label_id, asked.caller.author)
        asked.session.last_answer = None
        asked.board.answered.discard(last.cause)
        if last.cause not in map(name_cause, asked.board.looks.peek(LOOK) or ()):  # it was looked at meanwhile
            asked.board.looks.forget(LOOK)
    return asked.redirect(_address(asked.form))


def _address(given: Mapping[str, str]) -> str:
    """Return where the next cause is shown: it has moved up to where the answered one was."""
    query = urlencode({name: given[name] for name in ("at", "find") if given.get(name)})
    return f"{ADDRESS}?{query}" if query else ADDRESS


def name_cause(item: ReviewItem) -> str:
    """Return what tells causes apart."""
    return item.fingerprint or item.id


def _leave_out(items: list[ReviewItem], find: str, answered: set[str]) -> list[ReviewItem]:
    """Return what is still to be answered, and holds the text that is looked for."""
    wanted = find.lower()
    return [one for one in items if name_cause(one) not in answered and wanted in _list_words(one)]


def _list_words(item: ReviewItem) -> str:
    return " ".join((item.id, item.type or "", item.severity or "", item.excerpt, *item.reasons)).lower()


def _choose_place(given: str, size: int) -> int:
    place = int(given) if given.isascii() and given.isdigit() and len(given) < 6 else 0
    return min(place, max(size - 1, 0))


ROUTES = (
    show("/review", show_queue),
    take("/review", take_answer, "label"),
    take("/review/undo", take_back, "label"),
)
