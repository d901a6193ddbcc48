"""Compare two classifiers on the same labelled texts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..core.types import Prediction
from .evaluation import Evaluation, TypeScore, score_predictions


@dataclass(frozen=True, slots=True)
class TypeChange:
    """Hold the scores of one type by both; rates 0 to 1."""

    champion: TypeScore
    challenger: TypeScore

    @property
    def points(self) -> float:
        """What the challenger's F1 is higher, in points."""
        return 100.0 * (self.challenger.f1 - self.champion.f1)

    def to_dict(self) -> dict[str, Any]:
        """Return all figures, JSON-ready; rates have 4 digits, points 2."""
        return {
            "type": self.champion.type,
            "examples": self.champion.examples,
            "champion_recall": round(self.champion.recall, 4),
            "challenger_recall": round(self.challenger.recall, 4),
            "champion_f1": round(self.champion.f1, 4),
            "challenger_f1": round(self.challenger.f1, 4),
            "points": round(self.points, 2),
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """Hold what a challenger and the champion reached on the same texts."""

    champion: Evaluation
    challenger: Evaluation
    types: tuple[TypeChange, ...]
    only_champion: int
    """Texts that only the champion told right."""
    only_challenger: int

    @property
    def gain(self) -> float:
        """What the challenger's accuracy is higher, in points."""
        return 100.0 * (self.only_challenger - self.only_champion) / self.champion.examples

    @property
    def p_value(self) -> float:
        """Probability of a difference at least so large between two that are equally good (``mcnemar``)."""
        return mcnemar(self.only_champion, self.only_challenger)

    def to_dict(self) -> dict[str, Any]:
        """Return all figures, JSON-ready."""
        return {
            "examples": self.champion.examples,
            "champion": self.champion.to_dict(),
            "challenger": self.challenger.to_dict(),
            "types": [change.to_dict() for change in self.types],
            "gain": round(self.gain, 2),
            "only_champion": self.only_champion,
            "only_challenger": self.only_challenger,
            "p_value": round(self.p_value, 4),
        }


def compare_predictions(
    truths: Sequence[str], champion: Sequence[Prediction], challenger: Sequence[Prediction]
) -> Comparison:
    """Compare the answers of both with the right types, one for one; there must be at least one."""
    ours, theirs = score_predictions(truths, champion), score_predictions(truths, challenger)
    hits = [
        (old.type == truth, new.type == truth) for truth, old, new in zip(truths, champion, challenger, strict=True)
    ]
    return Comparison(
        ours,
        theirs,
        tuple(TypeChange(old, new) for old, new in zip(ours.types, theirs.types, strict=True)),
        hits.count((True, False)),
        hits.count((False, True)),
    )


def mcnemar(first: int, second: int) -> float:
    """Return the exact two-sided p-value for paired answers, of which so many were told right by one alone.

    The binomial test on the discordant pairs: McNemar 1947, "Note on the sampling error of the difference between
    correlated proportions or percentages".
    """
    pairs = first + second
    tail = sum(math.comb(pairs, count) for count in range(min(first, second) + 1))
    return min(1.0, 2 * tail / (1 << pairs))
