"""Where the level of counts changed for good."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from .adjusting import LEVEL

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .slots import Numbers

SLOTS_NEEDED: Final = 10
LEAST: Final = 3
"""A level lasts for so many slots at least."""
_SHUFFLES = 999
_SEED = 20_260_302


@dataclass(frozen=True, slots=True)
class Change:
    """Hold where the level changed."""

    slot: int
    """Number of the first slot of the new level."""
    rate_before: float
    """Mean count per slot since the change before, or the beginning."""
    rate_after: float
    """Until the next change, or the end."""
    p_value: float
    """How often slots in any other order show so clear a change."""


def find_changes(counts: Numbers, exposures: Numbers) -> list[Change]:
    """Return the changes of level in counts, in order of time.

    ``exposures``: how many failures each slot would have at a level of 1, by its day of the week. Binary segmentation
    (A. J. Scott and M. Knott 1974) with the likelihood ratio of Poisson's law. What is chance is told by shuffling the
    slots, which holds whatever their law and spread are, as long as they do not depend on each other. At most one in
    twenty rows without a change shows any; parts of parts are judged the more strictly the smaller they are.
    """
    import numpy as np

    if len(counts) < SLOTS_NEEDED:
        return []
    chance = np.random.default_rng(_SEED)
    splits = sorted(_split(counts, exposures, 0, LEVEL, chance))
    ends = [0, *(slot for slot, _ in splits), len(counts)]
    rates = [float(counts[start:end].mean()) for start, end in pairwise(ends)]
    return [Change(slot, rates[at], rates[at + 1], value) for at, (slot, value) in enumerate(splits)]


def _split(counts: Numbers, exposures: Numbers, start: int, level: float, chance: Any) -> Iterator[tuple[int, float]]:
    if len(counts) < 2 * LEAST:
        return
    at, value = _judge_split(counts, exposures, chance)
    if value > level:
        return
    yield start + at, value
    yield from _split(counts[:at], exposures[:at], start, level / 2, chance)
    yield from _split(counts[at:], exposures[at:], start + at, level / 2, chance)


def _judge_split(counts: Numbers, exposures: Numbers, chance: Any) -> tuple[int, float]:
    """Return the most probable place of a change, and how often shuffled slots show one as clear."""
    import numpy as np

    orders = np.argsort(chance.random((_SHUFFLES, len(counts))), axis=1)
    ratios = _compare(counts[None, :], exposures[None, :])[0]
    at = int(np.argmax(ratios))
    shuffled = _compare(counts[orders], exposures[orders]).max(axis=1)
    as_clear = int((shuffled >= ratios[at] * (1 - 1e-9)).sum())
    return at + LEAST, (as_clear + 1) / (_SHUFFLES + 1)


def _compare(counts: NDArray[Any], exposures: NDArray[Any]) -> NDArray[Any]:
    """Return the log likelihood ratio of two levels against one, by row and by place that leaves enough slots."""
    import numpy as np

    part = slice(LEAST - 1, counts.shape[1] - LEAST)
    seen, time = np.cumsum(counts, axis=1), np.cumsum(exposures, axis=1)
    total, length = seen[:, -1:], time[:, -1:]
    before, until = seen[:, part], time[:, part]
    found: NDArray[Any] = (
        _likelihood(before, until) + _likelihood(total - before, length - until) - _likelihood(total, length)
    )
    return found


def _likelihood(count: NDArray[Any], time: NDArray[Any]) -> NDArray[Any]:
    import numpy as np

    rate = np.maximum(count, 1e-300) / np.maximum(time, 1e-300)
    found: NDArray[Any] = np.where(count > 0, count * np.log(rate), 0.0)
    return found
