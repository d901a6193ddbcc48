"""Say whether a challenger may take the place of the model in use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..classify.comparison import Comparison
from .settings import PromotionSettings

_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Verdict:
    """Hold the gate's answer and its reasons, a sentence each."""

    passed: bool | None
    """None where it cannot be judged."""
    reasons: tuple[str, ...]

    @property
    def word(self) -> str:
        """``passed``, ``refused`` or ``not judged``."""
        return {True: "passed", False: "refused", None: "not judged"}[self.passed]

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, JSON-ready."""
        return {"passed": self.passed, "verdict": self.word, "reasons": list(self.reasons)}


def judge_comparison(comparison: Comparison | None, limits: PromotionSettings) -> Verdict:
    """Return whether the challenger is better and no type falls too far; not judged where there is too little to say.

    Better is: more texts told right by more than ``minimum_gain`` points; with exactly so many, a higher macro-F1, and
    with the same macro-F1 a higher Brier skill.
    """
    if comparison is None:
        return Verdict(None, ("there is no labelled text that neither model learned",))
    doubt = _find_doubt(comparison, limits)
    if doubt:
        return Verdict(None, (doubt,))
    faults = tuple(_find_faults(comparison, limits))
    return Verdict(False, faults) if faults else Verdict(True, (_describe(comparison),))


def _find_doubt(comparison: Comparison, limits: PromotionSettings) -> str | None:
    texts = comparison.champion.examples
    if texts < limits.minimum_examples:
        return f"{texts} labelled texts that neither model learned are too few to judge by; it takes {_least(limits)}"
    if len(comparison.types) < 2:
        return f"all labelled texts that neither model learned say {comparison.types[0].champion.type!r}"
    return None


def _least(limits: PromotionSettings) -> str:
    return f"{limits.minimum_examples} (promotion.minimum_examples)"


def _find_faults(comparison: Comparison, limits: PromotionSettings) -> Iterator[str]:
    if not _is_better(comparison, limits.minimum_gain):
        wanted = f" by {limits.minimum_gain:g} points" if limits.minimum_gain else ""
        yield f"it is not better{wanted}: {_describe(comparison)}"
    for change in comparison.types:
        if -change.points > limits.max_type_drop + _ROUNDING:
            old, new = change.champion, change.challenger
            yield (
                f"{old.type} falls by {-change.points:.1f} points of F1 over {old.examples} texts "
                f"({old.f1:.2f} to {new.f1:.2f}); {limits.max_type_drop:g} are allowed"
            )


def _is_better(comparison: Comparison, minimum_gain: float) -> bool:
    old, new = comparison.champion, comparison.challenger
    gains = (comparison.gain - minimum_gain, new.macro_f1 - old.macro_f1, new.brier_skill - old.brier_skill)
    return next((gain > 0 for gain in gains if abs(gain) > _ROUNDING), False)


def _describe(comparison: Comparison) -> str:
    new, old = comparison.challenger, comparison.champion
    return (
        f"{100 * new.accuracy:.1f} % of {new.examples} texts right against {100 * old.accuracy:.1f} %, "
        f"macro-F1 {new.macro_f1:.3f} against {old.macro_f1:.3f}, "
        f"Brier skill {new.brier_skill:.3f} against {old.brier_skill:.3f}"
    )
