"""Read a failure's text line by line: cleaned, scored, and with what is known of the step each belongs to."""

from __future__ import annotations

from ..core.types import Failure
from .chains import adjust_chains
from .cleaning import clean_line, split_overwritten
from .log_line import LogLine
from .scoring import score_line
from .steps import find_steps

MAX_LINE_CHARS = 1_000


def read_lines(failure: Failure) -> list[LogLine]:
    """Return the failure's lines without noise and each with its score; several may share a number (CR-only logs)."""
    raws = failure.text.split("\n")
    numbers = failure.line_numbers or range(1, len(raws) + 1)
    steps = find_steps(failure.text, raws)
    result: list[LogLine] = []
    for index, (number, raw) in enumerate(zip(numbers, raws, strict=True)):
        structural = index in steps.marks or "[Pipeline] " in raw
        for part in split_overwritten(raw):
            line = clean_line(part)
            score, mark = (0.0, "step") if structural else (score_line(line), line.mark)
            result.append(LogLine(number, line.text[:MAX_LINE_CHARS], score, mark, steps.end_of(index)))
    return adjust_chains(result)
