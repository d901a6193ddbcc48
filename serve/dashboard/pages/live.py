"""The newest failures, as they come in."""

from __future__ import annotations

from typing import Any, Final

from ....outcomes import open_figures
from ....reports.failure_rows import choose_message
from ...service import Service
from ..asked import Answer, Asked
from ..question import Question, read_question
from ..routing import show

MOST: Final = 50
QUERIES: Final = ("newest_failures",)
_FRESH = 3.0
_NAMES = (
    "failure_id",
    "occurred_at",
    "type",
    "severity",
    "environment",
    "component",
    "operation",
    "strategy",
    "escalated",
)


async def show_live(asked: Asked) -> Answer:
    """Show the page."""
    return await _answer(asked, "live.html")


async def show_rows(asked: Asked) -> Answer:
    """Show the rows alone, for the script of the page."""
    return await _answer(asked, "live_rows.html")


async def _answer(asked: Asked, template: str) -> Answer:
    question = read_question(asked.query)
    service = asked.board.service
    look = await asked.take_look(("live", question), lambda: read_newest(service, question), fresh=_FRESH)
    return asked.render_look(template, "Live", look, question=question)


def read_newest(service: Service, question: Question) -> list[dict[str, Any]]:
    """Return the newest failures, newest first."""
    period = question.now()
    with open_figures(service.store, *QUERIES, filters=question.chosen) as reader:
        rows = reader.read("newest_failures", period.since, period.until, size=MOST)
    return [_describe(row) for row in rows]


def _describe(row: dict[str, Any]) -> dict[str, Any]:
    state = "resolved" if row["resolved"] else "given up" if row["settled"] else "pending"
    return {**{name: row[name] for name in _NAMES}, "state": state, "message": choose_message(row)}


ROUTES = (show("/live", show_live), show("/live/rows", show_rows))
