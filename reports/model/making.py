"""Make a report of the model."""

from __future__ import annotations

from ...outcomes import FigureReader
from ..report import ReportBody
from ..report_type import Question, ReportType
from .reading import QUERIES, read_model
from .showing import show_model


def make_model(reader: FigureReader, question: Question) -> ReportBody:
    """Return how right decisions on failures of a window were."""
    data = read_model(reader, question)
    return ReportBody(data, show_model(data), data.decisions)


MODEL = ReportType("How right the decisions were", QUERIES, make_model)
