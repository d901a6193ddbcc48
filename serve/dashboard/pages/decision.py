"""How one decision came about, what would have changed it, and what people said of it."""

from __future__ import annotations

from typing import Any, Final

from ....outcomes import find_outcome
from ....outcomes.opinions import list_opinions
from ....system.grounds import explain_grounds, find_grounds
from ...problem import Problem, RefusalError
from ...service import Service
from ..asked import Answer, Asked
from ..routing import show

_MOST: Final = 12
_FRESH = 10.0
_ID_CHARS = 64


async def show_decision(asked: Asked) -> Answer:
    """Show the decision of an outcome; without an id ask for one."""
    identifier = asked.query.get("id", "").strip()[:_ID_CHARS]
    if not identifier:
        return asked.render("decision_ask.html")
    service = asked.board.service
    name = ("decision", identifier)
    look = await asked.take_look(name, lambda: read_decision(service, identifier), fresh=_FRESH)
    if look.value == {}:
        raise RefusalError(_NONE)
    return asked.render_look("decision.html", "Decision", look)


def read_decision(service: Service, identifier: str) -> dict[str, Any]:
    """Return the outcome, its grounds and its labels; nothing where there is none."""
    outcome = find_outcome(service.store, identifier)
    if outcome is None:
        return {}
    found = {"outcome": outcome, "opinions": list_opinions(service.store, outcome.id), "grounds": None}
    if outcome.decision is None:
        return found
    grounds = explain_grounds(find_grounds(service.store, outcome.id), service.get_parts().engine.policy)
    cut = {name: grounds[name][:_MOST] for name in ("near_misses", "flips")}
    return {**found, "grounds": {**grounds, **cut}}


ROUTES = (show("/decision", show_decision),)
_NONE = Problem(
    "no-outcome", 404, "there is no outcome or decision with this id", "take one from a list, or from explain --record"
)
