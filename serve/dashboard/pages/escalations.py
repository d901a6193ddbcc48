"""What was handed on to people and agents, and whether it arrived."""

from __future__ import annotations

from typing import Any, Final

from ...service import Service
from ..asked import Answer, Asked
from ..figures import group_rows, open_window
from ..question import Question, read_question
from ..routing import show

QUERIES: Final = ("escalation_counts", "escalation_slots", "failure_counts")


async def show_escalations(asked: Asked) -> Answer:
    """Show the page."""
    question = read_question(asked.query)
    service = asked.board.service
    look = await asked.take_look(("escalations", question), lambda: read_escalations(service, question))
    return asked.render_look("escalations.html", "Escalations", look, question=question)


def read_escalations(service: Service, question: Question) -> dict[str, Any]:
    """Return escalations in all, by what was escalated, and over time."""
    with open_window(service.store, question, *QUERIES) as figures:
        groups = group_rows(figures.read("escalation_counts"))
        failures = group_rows(figures.read("failure_counts"))["all"][0]
        slots = figures.read_slots("escalation_slots")
        return {
            "period": figures.period,
            "slot": figures.slot,
            "all": groups["all"][0],
            "failures": failures["failures"],
            "escalated": failures["escalated"],
            "targets": groups.get("target", []),
            "groups": {name: _count(groups.get(name, [])) for name in ("type", "severity", "environment")},
            "counts": [row["escalations"] if row else 0 for row in slots],
        }


def _count(rows: list[Any]) -> dict[str, int]:
    return {row["value"] or "undecided": row["escalations"] for row in rows}


ROUTES = (show("/escalations", show_escalations),)
