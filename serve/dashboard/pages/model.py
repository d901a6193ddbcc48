"""Which model decides, how good it is, and what waits on the shelf."""

from __future__ import annotations

from typing import Any, Final

from ....core.errors import ErrclassError
from ....system.jobs.drift import measure_drift
from ....system.model_shelf import ModelShelf, describe_model
from ....system.wiring import find_model_folder
from ...service import Service
from ..asked import Answer, Asked
from ..figures import open_window
from ..question import Question, read_question
from ..routing import show

QUERIES: Final = ("calibration_bins",)
_USUAL = "30d"
_FRESH = 60.0


async def show_model(asked: Asked) -> Answer:
    """Show the page."""
    question = Question(read_question({"window": _USUAL, **asked.query}).window)
    service = asked.board.service
    look = await asked.take_look(("model", question), lambda: read_model(service, question), fresh=_FRESH)
    return asked.render_look("model.html", "Model", look, question=question)


def read_model(service: Service, question: Question) -> dict[str, Any]:
    """Return the model in use with its figures, how it did on labelled failures, and the other models."""
    settings = service.settings
    described = describe_model(find_model_folder(settings))
    version = described["manifest"]["version"]
    with open_window(service.store, question, *QUERIES) as figures:
        bins = [row for row in figures.read("calibration_bins") if row["model_version"] == version]
    return {
        **described,
        "version": version,
        "bins": bins,
        "labelled": sum(row["failures"] for row in bins),
        "correct": sum(row["correct"] for row in bins),
        "entries": ModelShelf(settings.home).entries(),
        "drift": _measure(service, question),
    }


def _measure(service: Service, question: Question) -> dict[str, Any] | None:
    """Return whether it is time to train again; None where that cannot be told."""
    try:
        return measure_drift(service.settings, question.window)
    except ErrclassError:
        return None


ROUTES = (show("/model", show_model),)
