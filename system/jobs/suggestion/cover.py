"""Choose the few rules that mend most together."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ....rules import Rule
from .benches import Bench, try_rule
from .candidates import Candidate
from .drafts import draft_rule
from .figures import Figures, measure_trial
from .limits import Limits

MOST_TRIED: Final = 500
"""Candidates of a stage that are tried through the engine; those that mend most come first."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Hold a candidate as a rule that stood its trial on the older part."""

    candidate: Candidate
    rule: Rule
    figures: Figures


def choose_rules(bench: Bench, candidates: Iterable[Candidate], limits: Limits) -> list[Choice]:
    """Return the rules that stand, chosen greedily: each mends enough causes that none before it does.

    Each is tried through the engine, over the rule set with those chosen before. Of equals the one with fewer
    conditions comes first, then the one that comes first.
    """
    chosen: list[Choice] = []
    mended: set[str] = set()
    queue = [(-len(one.mends), len(one.when), number, one) for number, one in enumerate(candidates)]
    heapq.heapify(queue)
    for _ in range(MOST_TRIED):
        best = _pop_best(queue, mended, limits)
        if best is None:
            break
        rule = draft_rule(best, bench.policy)
        trial = try_rule(bench, rule, best.aim.says)
        figures = measure_trial(trial, best.aim)
        if figures.is_sound(limits):
            chosen.append(Choice(best, rule, figures))
            mended |= figures.right
            bench = trial.after
    return chosen


def _pop_best(queue: list[tuple[int, int, int, Candidate]], mended: set[str], limits: Limits) -> Candidate | None:
    """Return the candidate that mends most of what is left; a gain only falls, so a stale one is put back."""
    while queue:
        gain, length, number, candidate = heapq.heappop(queue)
        left = len(candidate.mends - mended)
        if left < limits.minimum_causes:
            continue
        if left == -gain:
            return candidate
        heapq.heappush(queue, (-left, length, number, candidate))
    return None
