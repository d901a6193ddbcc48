"""The few lines of a stored text that a person needs to see."""

from __future__ import annotations

from collections.abc import Sequence

LINES = 10
LINE_CHARS = 200
_BEFORE = 3


def excerpt_text(text: str, evidence: Sequence[str] = ()) -> str:
    """Return at most ``LINES`` lines of ``text``: around the first line of evidence in it, otherwise its last ones.

    Blank lines are left out, and long ones cut. What was hostile in the text still is.
    """
    lines = [line.rstrip() for line in text.split("\n") if line.strip()]
    start = _find(lines, evidence)
    return "\n".join(_cut(line) for line in lines[start : start + LINES])


def _find(lines: Sequence[str], evidence: Sequence[str]) -> int:
    last = max(len(lines) - LINES, 0)
    wanted = {line.strip() for line in evidence[:1]}
    found = next((number for number, line in enumerate(lines) if line.strip() in wanted), None)
    return last if found is None else min(max(found - _BEFORE, 0), last)


def _cut(line: str) -> str:
    return line if len(line) <= LINE_CHARS else line[: LINE_CHARS - 1].rstrip() + "…"
