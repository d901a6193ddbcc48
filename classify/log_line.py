"""Hold one line of a log, cleaned and judged."""

from __future__ import annotations

from typing import NamedTuple

from .routine import is_routine
from .scoring import is_command, is_healthy, is_warning
from .steps import StepEnd

STRUCTURE = ("group", "endgroup", "section", "step")
"""Marks of lines that only say where a step begins or ends."""


class LogLine(NamedTuple):
    """Hold one line of a log, cleaned and judged."""

    number: int
    text: str
    score: float
    mark: str | None
    step: StepEnd | None = None
    """How the step it belongs to ended, where the log tells."""


def is_quiet(line: LogLine) -> bool:
    """Tell whether a line is no evidence: structure, progress, a success, a warning, an echoed command."""
    if line.score >= 1:
        return False
    text = line.text
    return line.mark in STRUCTURE or is_routine(text) or is_healthy(text) or is_warning(text) or is_command(text)


def went_well(line: LogLine) -> bool:
    """Tell whether a line belongs to a step that is known to have gone well, or only to clean up."""
    return line.step in ("passed", "after")
