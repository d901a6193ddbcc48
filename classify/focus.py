"""Choose the lines of a log that belong to the failure: all that the model reads."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from .blocks import Block, says_little
from .log_line import LogLine, is_quiet, went_well
from .scoring import LOUD_WARNING, is_warning

MAX_FOCUS_LINES = 60
MAX_FOCUS_CHARS = 6_000
BEFORE, AFTER = 4, 12
"""Lines around a block that may belong to it."""
REACH = 200
"""Source lines from the best line of a block within which its surroundings must lie, whatever was left out between."""
_BLOCKS = 3
_CLOSE = 3.0
"""A block that weighs so much less than the best one has another cause or none."""
_CERTAIN = 2.0
"""Score from which a line names a failure; below it, every line that is not plainly healthy may be all there is."""
_WORD = re.compile(r"\w")


def find_focus(lines: Sequence[LogLine], blocks: Sequence[Block]) -> list[int]:
    """Return the places of the lines that name the failure or belong to one that does, in the log's order.

    A line belongs to the one before it when it is indented deeper or begins as details do (``|``, ``^``, ``at``, ``-``,
    ``=``). Where no line names a failure, all lines but the plainly healthy ones are returned. Healthy lines before,
    between and after the blocks change nothing.
    """
    if any(line.score >= _CERTAIN and not says_little(line.text) for line in lines):
        return _around(lines, blocks)
    return _remaining(lines)


def best_blocks(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks that may explain the failure, best first: at most three, none much worse than the first."""
    return [block for block in blocks[:_BLOCKS] if block.weight >= blocks[0].weight - _CLOSE]


def surroundings(lines: Sequence[LogLine], block: Block) -> list[int]:
    """Return the places around a block, from its best line outwards."""
    best = max(block.places, key=lambda place: lines[place].score)
    around = range(max(0, block.places[0] - BEFORE), min(len(lines), block.places[-1] + AFTER + 1))
    near = (place for place in around if _is_with(lines[place], lines[best]))
    return sorted(near, key=lambda place: abs(place - best))


def _is_with(line: LogLine, best: LogLine) -> bool:
    return abs(line.number - best.number) <= REACH and (line.step == best.step or not went_well(line))


def _around(lines: Sequence[LogLine], blocks: Sequence[Block]) -> list[int]:
    chosen: dict[int, None] = {}
    for block in best_blocks(blocks):
        places = surroundings(lines, block)
        belonging = set(_belonging(lines, sorted(places)))
        chosen.update(dict.fromkeys(place for place in places if place in belonging))
    return sorted(bound_places(lines, chosen))


def _belonging(lines: Sequence[LogLine], places: Iterable[int]) -> Iterable[int]:
    inside = -1
    for place in places:
        line = lines[place]
        if line.score >= LOUD_WARNING or (inside == place - 1 >= 0 and _is_detail(line)):
            inside = place
            yield place


def _is_detail(line: LogLine) -> bool:
    text = line.text
    if not (text[0] in " \t|^~>=-*·•─└├│" or text.startswith(("at ", "note:", "help:", "hint:", "E  "))):
        return False
    return _WORD.search(text) is None or not is_quiet(line)


def _remaining(lines: Sequence[LogLine]) -> list[int]:
    """Return the places of the last lines of the most telling kind that there is."""
    kinds: tuple[Callable[[LogLine], bool], ...] = (
        lambda line: line.score == LOUD_WARNING,
        lambda line: not is_quiet(line) and not says_little(line.text),
        lambda line: is_warning(line.text),
        lambda line: not is_quiet(line),
    )
    for kind in kinds:
        places = [place for place, line in enumerate(lines) if kind(line)]
        if places:
            break
    else:
        places = list(range(len(lines)))
    return sorted(bound_places(lines, reversed(places)))


def bound_places(
    lines: Sequence[LogLine], places: Iterable[int], *, count: int = MAX_FOCUS_LINES, chars: int = MAX_FOCUS_CHARS
) -> list[int]:
    """Return the first places whose lines fit into so many lines and characters."""
    kept: list[int] = []
    for place in places:
        chars -= len(lines[place].text) + 1
        if len(kept) >= count or chars < -1:
            break
        kept.append(place)
    return kept
