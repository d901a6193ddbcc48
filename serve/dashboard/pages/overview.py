"""What failed in a window, and what came of it."""

from __future__ import annotations

from typing import Any

from ....reports import Period, make_report
from ...service import Service
from ..asked import Answer, Asked
from ..question import Question, read_question
from ..routing import show


async def show_overview(asked: Asked) -> Answer:
    """Show the summary of a window."""
    question = read_question(asked.query)
    service = asked.board.service
    look = await asked.take_look(("overview", question), lambda: read_overview(service, question))
    return asked.render_look("overview.html", "Overview", look, question=question)


def read_overview(service: Service, question: Question) -> dict[str, Any]:
    """Return what the page shows."""
    report = make_report(service.store, "summary", window=question.window, filters=question.chosen)
    return {"data": report.body.data, "period": Period(report.period.since, report.period.until)}


ROUTES = (show("", show_overview),)
