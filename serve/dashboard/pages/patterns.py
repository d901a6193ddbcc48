"""What is out of the usual, what changed, and what comes together: findings that chance does not explain."""

from __future__ import annotations

from typing import Any, Final

from ....core.clock import utc_now
from ....reports import analyze_window
from ...service import Service
from ..asked import Answer, Asked
from ..question import Question, read_question
from ..routing import show

_MOST_CAUSES: Final = 10


async def show_patterns(asked: Asked) -> Answer:
    """Show the page."""
    question = read_question(asked.query)
    service = asked.board.service
    look = await asked.take_look(("patterns", question), lambda: read_patterns(service, question))
    return asked.render_look("patterns.html", "Patterns", look, question=question)


def read_patterns(service: Service, question: Question) -> dict[str, Any]:
    """Return the patterns and the trends of the window, and the causes that are new, back or gone quiet."""
    now = utc_now()
    patterns, trends = analyze_window(service.store, question.window, filters=question.chosen, now=now)
    found = patterns.fingerprints
    causes = {"New": found.new, "Back after at least 14 days": found.regressed, "Gone quiet": found.gone_quiet}
    return {
        "patterns": patterns,
        "trends": trends,
        "insights": (*trends.insights, *patterns.insights),
        "causes": {name: listed for name, listed in causes.items() if listed.causes},
        "most": _MOST_CAUSES,
        "together": [pair for pair in patterns.correlations.ten_minutes.pairs if pair.significant],
        "not_judged": {**trends.not_judged, **patterns.not_judged},
    }


ROUTES = (show("/patterns", show_patterns),)
