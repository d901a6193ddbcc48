"""Whether recoveries and re-runs help."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from ....reports.intervals import share_interval
from ...service import Service
from ..asked import Answer, Asked
from ..figures import Row, open_window
from ..question import Question, read_question
from ..routing import show

QUERIES: Final = ("recovery_types", "rerun_worth")


async def show_recoveries(asked: Asked) -> Answer:
    """Show the page."""
    question = Question(read_question(asked.query).window)
    service = asked.board.service
    look = await asked.take_look(("recoveries", question), lambda: read_recoveries(service, question))
    return asked.render_look("recoveries.html", "Recoveries", look, question=question)


def read_recoveries(service: Service, question: Question) -> dict[str, Any]:
    """Return recoveries by recipe and by recipe and type, and unchanged re-runs by type."""
    with open_window(service.store, question, *QUERIES) as figures:
        types = figures.read("recovery_types")
        return {
            "recipes": add_up(types),
            "types": [_judge(row) for row in types],
            "reruns": figures.read("rerun_worth"),
        }


def add_up(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Return the rows of each recipe as one, those with most runs first."""
    sums: dict[str, dict[str, Any]] = {}
    for row in rows:
        one = sums.setdefault(row["recovery"], {"recovery": row["recovery"], **dict.fromkeys(_SUMMED, 0)})
        for name in _SUMMED:
            one[name] += row[name]
    return sorted(map(_judge, sums.values()), key=lambda one: (-one["runs"], one["recovery"]))


def _judge(row: Row) -> dict[str, Any]:
    low, high = share_interval(row["successes"], row["tries"])
    rate = row["successes"] / row["tries"] if row["tries"] else None
    return {**row, "rate": rate, "low": low, "high": high}


_SUMMED = ("runs", "completed", "failed", "skipped", "tries", "successes")
ROUTES = (show("/recoveries", show_recoveries),)
