"""Explain a linear model's answer by leaving lines out: what each is worth, and which would have to go to change it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from ..core.types import Flip, Signals
from .lean import Block, LeanLinear, Reading
from .tags import tags_of_codes

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MAX_EVIDENCE = 3
MAX_WITHOUT = 3


@dataclass(frozen=True, slots=True)
class _Line:
    """One distinct line of what the model read, with every place where it stands."""

    text: str
    places: tuple[int, ...]
    """Indexes into the lines of the masked text."""


def find_evidence(lean: LeanLinear, signals: Signals, reading: Reading, kind: str) -> tuple[str, ...]:
    """Return up to three lines without which the type would be less probable, the most missed one first."""
    lines = _distinct_lines(signals)
    if len(lines) < 2:
        return tuple(line.text for line in lines)
    losses = _losses(lean, signals, reading, lines, lean.types.index(kind))
    return tuple(lines[i].text for i in _by_loss(losses)[:MAX_EVIDENCE])


def find_flip(lean: LeanLinear, signals: Signals) -> Flip | None:
    """Return the fewest lines, greedily chosen and at most three, without which the first type would be another.

    None when no three lines do it, or when no other line would be left.
    """
    import numpy as np

    reading = lean.read(signals)
    kind = int(np.argmax(lean.probabilities(lean.score(reading))))
    lines = _distinct_lines(signals)
    out: list[int] = []
    for _ in range(min(MAX_WITHOUT, len(lines) - 1)):
        left = [i for i in range(len(lines)) if i not in out]
        scores = _scores_without(lean, signals, reading, [[lines[j] for j in (*out, i)] for i in left])
        margins = scores[:, kind] - np.delete(scores, kind, axis=1).max(axis=1)
        best = int(np.argmin(margins))
        out.append(left[best])
        if margins[best] < 0:
            return Flip(lean.types[int(np.argmax(scores[best]))], tuple(lines[i].text for i in out))
    return None


def _distinct_lines(signals: Signals) -> list[_Line]:
    masked = signals.masked_text.split("\n")
    places: dict[str, list[int]] = {}
    for index, line in enumerate(masked):
        if line.strip():
            places.setdefault(line, []).append(index)
    texts = signals.region.text.split("\n")
    return [_Line(texts[signals.focus[found[0]]], tuple(found)) for found in places.values()]


def _losses(
    lean: LeanLinear, signals: Signals, reading: Reading, lines: Sequence[_Line], kind: int
) -> NDArray[np.float64]:
    """Return how much log probability the type loses without each line, shape (lines,)."""
    import numpy as np

    scores = _scores_without(lean, signals, reading, [[], *([line] for line in lines)])
    logs = scores[:, kind] - np.logaddexp.reduce(scores, axis=1)
    losses: NDArray[np.float64] = logs[0] - logs[1:]
    return losses


def _by_loss(losses: NDArray[np.float64]) -> list[int]:
    return [i for i in sorted(range(len(losses)), key=lambda i: -losses[i]) if losses[i] > 0]


def _scores_without(
    lean: LeanLinear, signals: Signals, reading: Reading, groups: Sequence[Sequence[_Line]]
) -> NDArray[np.float64]:
    """Return the scores of the text without each group of lines, shape (groups, types)."""
    places = [[place for line in group for place in line.places] for group in groups]
    scores = lean.intercept + _without(lean.blocks["words"], reading.words, places)
    scores = scores + _without(lean.blocks["chars"], reading.chars, places)
    scores = scores + _tags_without(lean, signals, places)
    return scores[:, : len(lean.types)]


def _without(block: Block, lines: Sequence[Sequence[int]], places: Sequence[Sequence[int]]) -> NDArray[np.float64]:
    """Return what a block adds to each head without the lines at each list of places, shape (lists, heads)."""
    import numpy as np

    columns = np.array([column for line in lines for column in line], dtype=np.intp)
    owners = np.repeat(np.arange(len(lines)), [len(line) for line in lines])
    distinct, positions = np.unique(columns, return_inverse=True)
    shape = len(lines), len(distinct)
    counts = np.bincount(owners * len(distinct) + positions, minlength=shape[0] * shape[1]).reshape(shape)
    kept = np.ones((len(places), len(lines)))
    for row, out in enumerate(places):
        kept[row, list(out)] = 0.0
    left = kept @ counts
    values = np.where(left > 0, 1.0 + np.log(np.maximum(left, 1.0)), 0.0) * block.idf[distinct]
    lengths = np.sqrt((values * values).sum(axis=1, keepdims=True))
    values *= block.weight / np.where(lengths > 0, lengths, 1.0)
    result: NDArray[np.float64] = values @ block.coefficients[distinct]
    return result


def _tags_without(lean: LeanLinear, signals: Signals, places: Sequence[Sequence[int]]) -> NDArray[np.float64]:
    """Return what the tags add without the codes of the lines at each list of places, shape (lists, heads)."""
    import numpy as np

    whole = frozenset(tags_of_codes(signals.codes))
    others = [tag for tag in signals.tags if tag not in whole]
    lines = _lines_of_codes(signals)
    cache: dict[tuple[str, ...], NDArray[np.float64]] = {}
    rows = []
    for out in places:
        gone = {signals.focus[place] for place in out}
        codes = [hit for hit, line in zip(signals.codes, lines, strict=True) if line not in gone]
        tags = (*tags_of_codes(codes), *others)
        if tags not in cache:
            cache[tags] = lean.score_tags(tags)
        rows.append(cache[tags])
    return np.vstack(rows)


def _lines_of_codes(signals: Signals) -> list[int]:
    """Return the line of the region, from 0, in which each code stands; -1 for one from outside the text."""
    starts = [0, *accumulate(len(line) + 1 for line in signals.region.text.split("\n"))]
    return [bisect_right(starts, hit.start) - 1 if hit.start >= 0 else -1 for hit in signals.codes]
