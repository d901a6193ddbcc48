"""Count what a rule does to history, in distinct causes."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from ....core.types import Scalar
from ....rules import Rule
from ....rules.conditions import is_same
from .aims import Aim
from .benches import Bench, Trial
from .limits import Limits


@dataclass(frozen=True, slots=True)
class Figures:
    """Hold the causes that a rule decides, by how that went."""

    right: frozenset[str]
    """It decided all cases of the cause whose truth is known, and said what is right."""
    wrong: frozenset[str]
    """It said something else of one case at least."""
    mended: frozenset[str]
    """The answer is better than before, and no case of the cause is the worse for it."""
    broken: frozenset[str]
    """An answer on one case at least is worse than before: wrong, or no longer sure."""

    def is_sound(self, limits: Limits) -> bool:
        """Say whether it mends enough and harms next to nothing."""
        right = len(self.right)
        return (
            len(self.mended) >= limits.minimum_causes
            and limits.allow(right, len(self.wrong))
            and limits.allow(right, len(self.broken))
        )


def measure_trial(trial: Trial, aim: Aim, value: Scalar) -> Figures:
    """Count what the rule that says ``value`` did."""
    cases = trial.after.cases
    known = [number for number in trial.won if aim.answer in cases[number].truths]
    wrong = _name(trial, (n for n in known if not is_same(cases[n].truths[aim.answer], value)))
    changed = [(n, trial.before.marks[n], trial.after.marks[n]) for n in trial.won]
    broken = _name(trial, (n for n, before, after in changed if any(after[name] < before[name] for name in before)))
    better = _name(trial, (n for n, before, after in changed if after.get(aim.answer, 0) > before.get(aim.answer, 0)))
    return Figures(_name(trial, known) - wrong, wrong, better - broken - wrong, broken)


def list_wrong(bench: Bench, aim: Aim) -> frozenset[str]:
    """Return the causes of which one answer at least is wrong."""
    pairs = zip(bench.cases, bench.marks, strict=True)
    return frozenset(case.cause for case, marks in pairs if marks.get(aim.answer) == 0)


def share_unconditioned(bench: Bench, rule: Rule, aim: Aim, value: Scalar) -> float:
    """Return the share of the causes, 0 to 1, on which ``rule`` would be right if it had no conditions."""
    cases = [case for case in bench.cases if aim.answer in case.truths and not rule.is_vetoed(case.facts)]
    such = {case.cause for case in cases if is_same(case.truths[aim.answer], value)}
    return len(such) / len({case.cause for case in cases}) if cases else 0.0


def _name(trial: Trial, numbers: Iterable[int] | Collection[int]) -> frozenset[str]:
    return frozenset(trial.after.cases[number].cause for number in numbers)
