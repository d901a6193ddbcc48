"""How one decision came about, what would have changed it, and what people said of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode

from ....core.types import Decision, Outcome
from ....outcomes import find_outcome, open_figures
from ....outcomes.opinions import list_opinions
from ....system.grounds import Grounds, explain_grounds
from ...problem import Problem, RefusalError
from ...service import Service
from ..asked import Answer, Asked
from ..place import PREFIX
from ..routing import show

_MOST: Final = 12
_FRESH = 10.0
_ID_CHARS = 64
_EVER = (datetime(1900, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC))
QUERIES: Final = ("newest_of_cause",)


async def show_decision(asked: Asked) -> Answer:
    """Show the decision of an outcome, or on the newest of a cause; without an id ask for one."""
    identifier, cause = (asked.query.get(name, "").strip()[:_ID_CHARS] for name in ("id", "cause"))
    service = asked.board.service
    if cause:
        return await _show_newest(asked, cause)
    if not identifier:
        return asked.render("decision_ask.html")
    name = ("decision", identifier)
    look = await asked.take_look(name, lambda: read_decision(service, identifier), fresh=_FRESH)
    if look.value == {}:
        raise RefusalError(_NONE)
    return asked.render_look("decision.html", "Decision", look)


async def _show_newest(asked: Asked, cause: str) -> Answer:
    service = asked.board.service
    look = await asked.take_look(("cause", cause), lambda: find_newest(service, cause), fresh=_FRESH)
    if look.value == "":
        raise RefusalError(_NONE)
    if look.value is None:
        return asked.render_look("decision.html", "Decision", look)
    return asked.redirect(f"{PREFIX}/decision?{urlencode({'id': look.value})}")


def find_newest(service: Service, cause: str) -> str:
    """Return the id of the newest failure of a cause; empty where there is none."""
    with open_figures(service.store, *QUERIES) as reader:
        found = reader.read_one("newest_of_cause", *_EVER, fingerprint=cause)
    return found["id"] if found else ""


def read_decision(service: Service, identifier: str) -> dict[str, Any]:
    """Return the outcome, its grounds and its labels; nothing where there is none."""
    outcome = find_outcome(service.store, identifier)
    if outcome is None:
        return {}
    found = {"outcome": outcome, "opinions": list_opinions(service.store, outcome.id), "grounds": None}
    if outcome.decision is None:
        return found
    grounds = explain_grounds(_take_grounds(outcome, outcome.decision), service.get_parts().engine.policy)
    cut = {name: grounds[name][:_MOST] for name in ("near_misses", "flips")}
    return {**found, "grounds": {**grounds, **cut}}


def _take_grounds(outcome: Outcome, decision: Decision) -> Grounds:
    return Grounds(decision, outcome.facts, outcome.trace, outcome.id)


ROUTES = (show("/decision", show_decision),)
_NONE = Problem(
    "no-outcome", 404, "there is no outcome or decision with this id", "take one from a list, or from explain --record"
)
