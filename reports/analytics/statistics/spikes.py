"""Hours with far more failures than usual."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from .adjusting import LEVEL, adjust_p_values
from .baseline import Baseline
from .counts_law import find_interval, find_upper_tail
from .slots import Slots


@dataclass(frozen=True, slots=True)
class Spike:
    """Hold hours in a row, each with more failures than usual."""

    first: int
    """Number of the first slot; ``last`` is part of it."""
    last: int
    observed: int
    expected: float
    low: int
    """Between this and ``high`` 95 % of usual counts of as many hours lie."""
    high: int
    p_value: float
    """Of the most striking hour: how probable so many or more failures usually are."""
    q_value: float
    """The same, with regard to all hours that were looked at."""


def find_spikes(slots: Slots, baseline: Baseline) -> list[Spike]:
    """Return the spikes among the slots, in order of time, at a false discovery rate of 5 %."""
    means, variances = baseline.expect(slots), baseline.vary(slots)
    known = [number for number in range(len(slots)) if slots.exposures[number] > 0]
    values = [
        find_upper_tail(int(slots.counts[number]), float(means[number]), float(variances[number])) for number in known
    ]
    found = dict(zip(known, zip(values, adjust_p_values(values), strict=True), strict=True))
    striking = [number for number in known if found[number][1] <= LEVEL]
    return [_join(run, slots, baseline, found) for run in _find_runs(striking)]


def level_spikes(slots: Slots, spikes: Sequence[Spike]) -> Slots:
    """Return the slots with as many failures as usual in place of the spikes."""
    counts = slots.counts.copy()
    for spike in spikes:
        counts[spike.first : spike.last + 1] = spike.expected / (spike.last + 1 - spike.first)
    return replace(slots, counts=counts)


def _join(run: Sequence[int], slots: Slots, baseline: Baseline, found: dict[int, tuple[float, float]]) -> Spike:
    part = slots.cut(run[0], run[-1] + 1)
    mean = float(baseline.expect(part).sum())
    low, high = find_interval(mean, baseline.vary_sum(part))
    p_value, q_value = min(found[number] for number in run)
    return Spike(run[0], run[-1], int(part.counts.sum()), mean, low, high, p_value, q_value)


def _find_runs(numbers: Sequence[int]) -> Iterator[list[int]]:
    run = list(numbers[:1])
    for before, number in pairwise(numbers):
        if number != before + 1:
            yield run
            run = []
        run.append(number)
    if run:
        yield run
