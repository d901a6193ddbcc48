"""Count what a rule does to history, in distinct causes."""

from __future__ import annotations

from dataclasses import dataclass

from ....core.types import Scalar
from ....rules.conditions import is_same
from .aims import Aim
from .benches import WRONG, Answer, Bench, Trial
from .limits import Limits


@dataclass(frozen=True, slots=True)
class Figures:
    """Hold the causes whose answers a rule changes, by how that went; what stays as it was tells nothing of it."""

    right: frozenset[str]
    """The answer is better than it was, and no case of the cause is among the following."""
    wrong: frozenset[str]
    """One answer at least is worse than it was, or wrong in another way."""
    broken: frozenset[str]
    """Those of the wrong whose answer is worse: it was right, or surely right."""

    def is_sound(self, limits: Limits) -> bool:
        """Say whether the rule mends enough, and next to all that it changes."""
        return len(self.right) >= limits.minimum_causes and limits.allow(len(self.right), len(self.wrong))


def measure_trial(trial: Trial, aim: Aim) -> Figures:
    """Count what the rule did."""
    cases = trial.after.cases
    pairs = [(cases[n].cause, trial.before.answers[n], trial.after.answers[n]) for n in trial.won]
    better = {cause for cause, before, after in pairs if _is_better(before, after, aim)}
    broken = {cause for cause, before, after in pairs if _is_worse(before, after)}
    missed = {cause for cause, before, after in pairs if _is_wrong_again(before, after, aim)}
    wrong = frozenset(broken | missed)
    return Figures(frozenset(better) - wrong, wrong, frozenset(broken))


def list_wrong(bench: Bench, aim: Aim) -> frozenset[str]:
    """Return the causes of which one answer at least is wrong."""
    pairs = zip(bench.cases, bench.answers, strict=True)
    return frozenset(case.cause for case, answer in pairs if answer.marks.get(aim.answer) == WRONG)


def list_otherwise(bench: Bench, aim: Aim, value: Scalar) -> list[int]:
    """Return the numbers of the cases on which a rule that says ``value`` would change the answer, truth known."""
    return [
        number
        for number, (case, answer) in enumerate(zip(bench.cases, bench.answers, strict=True))
        if aim.answer in case.truths
        and not _is_said(answer.said.get(aim.answer), value)
        and not _is_said(case.facts.get(aim.unless), value)
    ]


def share_unconditioned(bench: Bench, aim: Aim, value: Scalar) -> float:
    """Return the share of the causes, 0 to 1, on which a rule would be right that says ``value`` without conditions."""
    cases = [bench.cases[number] for number in list_otherwise(bench, aim, value)]
    such = {case.cause for case in cases if is_same(case.truths[aim.answer], value)}
    return len(such) / len({case.cause for case in cases}) if cases else 0.0


def _is_better(before: Answer, after: Answer, aim: Aim) -> bool:
    return after.marks.get(aim.answer, WRONG) > before.marks.get(aim.answer, WRONG)


def _is_worse(before: Answer, after: Answer) -> bool:
    return any(after.marks[name] < mark for name, mark in before.marks.items())


def _is_wrong_again(before: Answer, after: Answer, aim: Aim) -> bool:
    """Say whether a wrong answer became another wrong one."""
    still = after.marks.get(aim.answer) == WRONG == before.marks.get(aim.answer)
    return still and not _is_said(before.said.get(aim.answer), after.said.get(aim.answer))


def _is_said(said: Scalar | None, value: Scalar | None) -> bool:
    return said is not None and value is not None and is_same(said, value)
