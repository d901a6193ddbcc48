"""How well each component, environment, repository and operation does."""

from __future__ import annotations

from typing import Any, Final

from ...service import Service
from ..asked import Answer, Asked
from ..figures import group_rows, open_window
from ..question import Question, read_question
from ..routing import show

QUERIES: Final = ("reliability_groups",)
DIMENSIONS: Final = {"component": "Components", "environment": "Environments", "repository": "Repositories"}


async def show_components(asked: Asked) -> Answer:
    """Show the page."""
    question = Question(read_question(asked.query).window)
    service = asked.board.service
    look = await asked.take_look(("components", question), lambda: read_components(service, question))
    return asked.render_look("components.html", "Components", look, question=question, dimensions=DIMENSIONS)


def read_components(service: Service, question: Question) -> dict[str, Any]:
    """Return the rows of each dimension."""
    with open_window(service.store, question, *QUERIES) as figures:
        return {"groups": group_rows(figures.read("reliability_groups"))}


ROUTES = (show("/components", show_components),)
