"""Calls of operations: how many, how long they take, and how many succeed."""

from __future__ import annotations

from typing import Any, Final

from ...service import Service
from ..asked import Answer, Asked
from ..figures import group_rows, open_window
from ..question import Question, read_question
from ..routing import show

QUERIES: Final = ("reliability_groups", "run_slots")


async def show_performance(asked: Asked) -> Answer:
    """Show the page."""
    question = Question(read_question(asked.query).window)
    service = asked.board.service
    look = await asked.take_look(("performance", question), lambda: read_performance(service, question))
    return asked.render_look("performance.html", "Performance", look, question=question)


def read_performance(service: Service, question: Question) -> dict[str, Any]:
    """Return the figures in all, by operation and over time."""
    with open_window(service.store, question, *QUERIES) as figures:
        groups = group_rows(figures.read("reliability_groups"))
        slots = figures.read_slots("run_slots")
        return {
            "period": figures.period,
            "slot": figures.slot,
            "all": next(iter(groups.get("all", ())), None),
            "operations": groups.get("operation", []),
            "calls": [row["calls"] if row else 0 for row in slots],
            "rates": [row["successes"] / row["calls"] if row else None for row in slots],
        }


ROUTES = (show("/performance", show_performance),)
