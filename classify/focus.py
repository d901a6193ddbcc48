"""Leave out of a region the lines that have nothing to do with the failure, so that they cannot sway the model."""

from __future__ import annotations

from collections.abc import Sequence

from .region import LogLine

_CERTAIN = 3.0
"""Score from which a line names a failure; below it, in a whole text, every line may be all there is."""
_HINT = 1.0


def find_focus(lines: Sequence[LogLine]) -> str:
    """Return the text of the lines that name a failure or belong to one that does.

    A line belongs to the one before it when it is indented deeper or begins as details do (``|``, ``^``, ``at``, ``-``,
    ``=``). Where no line names a failure, the text of all lines is returned.
    """
    certain = any(line.score >= _CERTAIN for line in lines)
    kept: list[str] = []
    inside = False
    for line in lines:
        inside = line.score >= _HINT or (inside and _is_detail(line.text))
        if inside or not certain:
            kept.append(line.text)
    return "\n".join(kept)


def _is_detail(line: str) -> bool:
    return line[0] in " \t|^~>=-*·•─└├│" or line.startswith(("at ", "note:", "help:", "hint:", "E  "))
