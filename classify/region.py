"""Find the part of a log that explains the failure, and rank its lines."""

from __future__ import annotations

import math
from collections import Counter
from itertools import accumulate
from typing import NamedTuple

from ..core.types import Failure, Region
from .cleaning import clean_line, split_overwritten
from .masks import mask_variables
from .scoring import is_generic, is_healthy, score_line

MAX_CAUSE_LINES = 20
MAX_REGION_LINES = 60
MAX_REGION_CHARS = 6_000
MAX_LINE_CHARS = 1_000
_SHORT_LINES = 40
_SHORT_CHARS = 4_000
_BEFORE, _AFTER = 4, 12
_REACH = 200
"""Source lines from the best line of a block within which its surroundings must lie."""
_JOIN = 3
"""Candidates at most this many lines apart belong to one block: a headline and its details."""
_GENERIC_PENALTY = 10.0
"""Puts lines that only say that something failed behind every line that says more."""
_STEP_MARKS = ("group", "endgroup")


class LogLine(NamedTuple):
    """Hold one line of a log, cleaned and judged."""

    number: int
    text: str
    score: float
    mark: str | None


class Located(NamedTuple):
    """Pair a region with the lines that its text is made of."""

    region: Region
    lines: list[LogLine]


class _Block(NamedTuple):
    lines: list[LogLine]
    weight: float


def read_lines(failure: Failure) -> list[LogLine]:
    """Return the failure's lines without noise and each with its score; several may share a number (CR-only logs)."""
    result = []
    for index, raw in enumerate(failure.text.split("\n")):
        number = failure.line_numbers[index] if failure.line_numbers else index + 1
        for part in split_overwritten(raw):
            line = clean_line(part)
            result.append(LogLine(number, line.text[:MAX_LINE_CHARS], score_line(line), line.mark))
    return result


def find_region(lines: list[LogLine]) -> Located:
    """Return the region of a cleaned log: for a short text the whole of it, for a log the best blocks of lines."""
    lines = [line for line in lines if line.text.strip()]
    if not lines:
        return Located(Region("", 0, 0), [])
    blocks = _rank_blocks(lines)
    causes = _rank_lines(blocks)
    if len(lines) <= _SHORT_LINES and sum(len(line.text) for line in lines) <= _SHORT_CHARS:
        chosen = lines
    else:
        chosen = _choose(lines, blocks)
    text = "\n".join(line.text for line in chosen)[:MAX_REGION_CHARS]
    return Located(Region(text, chosen[0].number, chosen[-1].number, causes), chosen)


def _rank_blocks(lines: list[LogLine]) -> list[_Block]:
    """Group neighbouring candidates and weigh each group: by its best line, by how rare its wording is, by place."""
    candidates = [(place, line) for place, line in enumerate(lines) if line.score >= 2]
    templates = Counter(_template(line) for _, line in candidates)
    blocks: list[list[tuple[int, LogLine]]] = []
    for place, line in candidates:
        if blocks and place - blocks[-1][-1][0] <= _JOIN and len(blocks[-1]) < 30:
            blocks[-1].append((place, line))
        else:
            blocks.append([(place, line)])
    ranked = [_Block([line for _, line in block], _weigh(block, templates, len(lines))) for block in blocks]
    return sorted(ranked, key=lambda block: block.weight, reverse=True)


def _weigh(block: list[tuple[int, LogLine]], templates: Counter[str], total: int) -> float:
    best = max(line.score - math.log2(templates[_template(line)]) for _, line in block)
    if all(is_generic(line.text) for _, line in block):
        return best - _GENERIC_PENALTY
    support = min(2.0, 0.25 * sum(line.score >= 5 for _, line in block))
    # The failing step is the last one that ran: what stands late explains more than what stands early.
    return best + support + 3.0 * block[-1][0] / total


def _template(line: LogLine) -> str:
    return mask_variables(line.text[:160])


def _rank_lines(blocks: list[_Block]) -> tuple[int, ...]:
    """Return line numbers best first: the best line of each block in turn, so that no block crowds out the others."""
    queues = [sorted(block.lines, key=lambda line: -line.score) for block in blocks[:MAX_CAUSE_LINES]]
    ranked: list[int] = []
    for turn in range(MAX_CAUSE_LINES):
        for queue in queues:
            if turn < len(queue) and queue[turn].number not in ranked:
                ranked.append(queue[turn].number)
    return tuple(ranked[:MAX_CAUSE_LINES])


def _choose(lines: list[LogLine], blocks: list[_Block]) -> list[LogLine]:
    """Return the surroundings of the best blocks, in the log's order, within the limits; without any, the tail."""
    if not blocks:
        return _tail(lines)
    place_of = {id(line): place for place, line in enumerate(lines)}
    places: set[int] = set()
    chars = 0
    for block in blocks[:3]:
        first, last = place_of[id(block.lines[0])], place_of[id(block.lines[-1])]
        best = place_of[id(max(block.lines, key=lambda line: line.score))]
        around = range(max(0, first - _BEFORE), min(len(lines), last + _AFTER + 1))
        # From the best line outwards: a limit never cuts off the line that explains most.
        for place in _order_outwards(around, best):
            line = lines[place]
            if abs(line.number - lines[best].number) > _REACH:
                continue  # beyond a gap: lines of a large log were left out in between
            if place in places or is_healthy(line.text) or line.mark in _STEP_MARKS:
                continue
            if len(places) >= MAX_REGION_LINES or chars + len(line.text) > MAX_REGION_CHARS:
                break
            places.add(place)
            chars += len(line.text) + 1
        if block.weight < blocks[0].weight - 3:
            break
    return [lines[place] for place in sorted(places)] or blocks[0].lines


def _order_outwards(places: range, start: int) -> list[int]:
    return sorted(places, key=lambda place: abs(place - start))


def _tail(lines: list[LogLine]) -> list[LogLine]:
    """Return the last lines that fit the limits."""
    ends = accumulate(len(line.text) + 1 for line in reversed(lines[-_SHORT_LINES:]))
    return lines[-sum(end <= MAX_REGION_CHARS for end in ends) :]


def names_a_failure(lines: list[LogLine]) -> bool:
    """Tell whether any line says more than that something failed."""
    return any(line.score >= 3 and not is_generic(line.text) for line in lines)
