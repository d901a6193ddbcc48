"""Score answers against what they should have been."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ..summary.reading import make_rate
from .data import Confusion, TypeScore

MOST_CONFUSIONS: Final = 10


@dataclass(frozen=True, slots=True)
class Answer:
    """Hold what was decided for so many failures, and what it should have been."""

    decided: str
    label: str
    sure: bool
    count: int


def score_types(answers: Iterable[Answer]) -> tuple[TypeScore, ...]:
    """Return the score of each type that a decision or a label names, the most frequent label first."""
    decided, labelled, right = Counter[str](), Counter[str](), Counter[str]()
    for one in answers:
        decided[one.decided] += one.count
        labelled[one.label] += one.count
        right[one.label] += one.count if one.decided == one.label else 0
    names = sorted(decided | labelled, key=lambda name: (-labelled[name], name))
    return tuple(_score(name, decided[name], labelled[name], right[name]) for name in names)


def _score(name: str, decided: int, labelled: int, right: int) -> TypeScore:
    f1 = round(2 * right / (decided + labelled), 6)
    return TypeScore(name, make_rate(decided, right), make_rate(labelled, right), f1)


def average_f1(scores: Iterable[TypeScore]) -> float | None:
    """Return the mean of F1 over the types that labels name (macro-F1); None without any."""
    found = [one.f1 for one in scores if one.recall.tries]
    return round(sum(found) / len(found), 6) if found else None


def rank_confusions(answers: Iterable[Answer]) -> tuple[Confusion, ...]:
    """Return what was most often taken for something else."""
    counts = Counter[tuple[str, str]]()
    for one in answers:
        if one.decided != one.label:
            counts[one.decided, one.label] += one.count
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_CONFUSIONS]
    return tuple(Confusion(decided, label, count) for (decided, label), count in ranked)
