"""Find the part of a log that explains the failure, and rank its lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ..core.types import Region
from .blocks import Block, rank_blocks, rank_lines, says_little
from .focus import MAX_FOCUS_CHARS, MAX_FOCUS_LINES, best_blocks, bound_places, find_focus, surroundings
from .log_line import STRUCTURE, LogLine
from .scoring import is_healthy

MAX_CAUSE_LINES = 20
MAX_REGION_LINES = MAX_FOCUS_LINES
MAX_REGION_CHARS = MAX_FOCUS_CHARS
_SHORT_LINES = 40
_SHORT_CHARS = 4_000


class Located(NamedTuple):
    """Pair a region with the lines that its text is made of, and say which of them belong to the failure."""

    region: Region
    lines: list[LogLine]
    focus: tuple[int, ...]
    """Indexes into ``lines``."""


def find_region(lines: list[LogLine]) -> Located:
    """Return the region of a cleaned log: for a short text the whole of it, for a log the best blocks of lines."""
    lines = [line for line in lines if line.text.strip()]
    if not lines:
        return Located(Region("", 0, 0), [], ())
    blocks = rank_blocks(lines)
    focus = find_focus(lines, blocks)
    places = range(len(lines)) if _is_short(lines) else _with_surroundings(lines, blocks, focus)
    chosen = [lines[place] for place in places]
    causes = rank_lines(lines, blocks, MAX_CAUSE_LINES)
    text = "\n".join(line.text for line in chosen)
    index_of = {place: index for index, place in enumerate(places)}
    return Located(
        Region(text, chosen[0].number, chosen[-1].number, causes), chosen, tuple(index_of[place] for place in focus)
    )


def _is_short(lines: Sequence[LogLine]) -> bool:
    return len(lines) <= _SHORT_LINES and sum(len(line.text) for line in lines) <= _SHORT_CHARS


def _with_surroundings(lines: Sequence[LogLine], blocks: Sequence[Block], focus: list[int]) -> list[int]:
    """Return the focus and, within the limits, what stands around it, in the log's order."""
    wanted = dict.fromkeys(focus)
    for block in best_blocks(blocks):
        near = surroundings(lines, block)
        wanted.update(dict.fromkeys(place for place in near if _is_context(lines[place])))
    return sorted(bound_places(lines, wanted, count=MAX_REGION_LINES, chars=MAX_REGION_CHARS))


def _is_context(line: LogLine) -> bool:
    return line.mark not in STRUCTURE and not is_healthy(line.text)


def names_a_failure(lines: list[LogLine]) -> bool:
    """Tell whether any line says more than that something failed."""
    return any(line.score >= 3 and not says_little(line.text) for line in lines)
