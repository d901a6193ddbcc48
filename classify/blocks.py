"""Group the lines that name a failure into blocks, and rank the blocks."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from .log_line import LogLine, went_well
from .masks import mask_variables
from .scoring import is_generic
from .victims import is_victim

CANDIDATE = 2.0
"""Least score of a line that may explain the failure."""
_JOIN = 3
"""Candidates at most this many lines apart belong to one block: a headline and its details."""
_MAX_BLOCK = 30
_PENALTY = 10.0
"""Puts lines that only say that something failed, and steps that ended well, behind every line that says more."""
_FAILED_STEP = 2.0
_LATE = 3.0
"""What a block loses at most for standing long before the last one: the failing step is the last one that ran."""
_PLAIN = 5.0
"""Least weight of a block that another one can be earlier than: words of a failure in healthy lines are none."""
_NEAR = 25
"""Lines within which it makes little difference which of two blocks comes last."""


class Block(NamedTuple):
    """Hold neighbouring candidates, by their places in the log, and how well they explain the failure."""

    places: tuple[int, ...]
    weight: float


def rank_blocks(lines: Sequence[LogLine]) -> list[Block]:
    """Return the blocks of a log, the one that best explains the failure first.

    A block weighs as much as its best line, less for wording that is repeated and for standing early. Lines without a
    score change nothing, however many there are before the first candidate and after the last.
    """
    groups = _group(lines)
    templates = Counter(_template(lines[place]) for group in groups for place in group)
    bare = [_weigh([lines[place] for place in group], templates) for group in groups]
    last = max((group[0] for group, weight in zip(groups, bare, strict=True) if weight >= _PLAIN), default=0)
    blocks = [
        Block(tuple(group), weight - _lateness(last - group[0])) for group, weight in zip(groups, bare, strict=True)
    ]
    return sorted(blocks, key=lambda block: -block.weight)


def _group(lines: Sequence[LogLine]) -> list[list[int]]:
    groups: list[list[int]] = []
    for place, line in enumerate(lines):
        if line.score < CANDIDATE:
            continue
        if groups and _is_near(lines, groups[-1], place):
            groups[-1].append(place)
        else:
            groups.append([place])
    return groups


def _is_near(lines: Sequence[LogLine], group: list[int], place: int) -> bool:
    last = group[-1]
    return place - last <= _JOIN and len(group) < _MAX_BLOCK and went_well(lines[last]) == went_well(lines[place])


def _weigh(block: list[LogLine], templates: Counter[str]) -> float:
    weight = max(line.score + _step_weight(line) - math.log2(templates[_template(line)]) for line in block)
    if all(says_little(line.text) for line in block):
        return weight - _PENALTY
    return weight + min(2.0, 0.25 * sum(line.score >= 5 for line in block))


def _step_weight(line: LogLine) -> float:
    if went_well(line):
        return -_PENALTY
    return _FAILED_STEP if line.step == "failed" else 0.0


def _lateness(distance: int) -> float:
    return min(_LATE, math.log2(1 + distance / _NEAR)) if distance > 0 else 0.0


def _template(line: LogLine) -> str:
    return mask_variables(line.text[:160])


def says_little(text: str) -> bool:
    """Tell whether a line only says that something failed, or that it failed because something else did."""
    return is_generic(text) or is_victim(text)


def rank_lines(lines: Sequence[LogLine], blocks: Sequence[Block], limit: int) -> tuple[int, ...]:
    """Return line numbers best first: the best line of each block in turn, so that no block crowds out the others."""
    queues = [
        sorted((lines[place] for place in block.places), key=lambda line: -line.score) for block in blocks[:limit]
    ]
    ranked: dict[int, None] = {}
    for turn in range(limit):
        for queue in queues:
            if turn < len(queue):
                ranked[queue[turn].number] = None
    return tuple(ranked)[:limit]
