"""Put the chosen rules to the test on the newer part of history, which they were not found on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ....rules import Rule
from .benches import Bench, try_rule
from .candidates import Candidate
from .cover import Choice
from .figures import Figures, measure_trial, share_unconditioned
from .limits import FLOOR, Limits, bound_precision


@dataclass(frozen=True, slots=True)
class Parts:
    """Hold both parts of history, decided by the same rule set."""

    older: Bench
    newer: Bench


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Hold a rule that held, with its figures over the rule set and the suggestions before it."""

    candidate: Candidate
    rule: Rule
    older: Figures
    newer: Figures
    at_least: float
    """Share of its changes that is right at least, by the newer part alone: see ``bound_precision``."""


def confirm_rules(choices: Sequence[Choice], parts: Parts, limits: Limits) -> tuple[list[Confirmed], Parts]:
    """Return the rules that hold on both parts without those that do not, and the parts as they decide them.

    A rule holds if it is sound on either part, and certain (see ``bound_precision``) to be right on more than ``FLOOR``
    of the causes that it changes, and on more than it would be without its conditions.
    """
    confirmed: list[Confirmed] = []
    for choice in choices:
        aim = choice.candidate.aim
        trials = [try_rule(bench, choice.rule, aim.says) for bench in (parts.older, parts.newer)]
        older, newer = (measure_trial(trial, aim) for trial in trials)
        at_least = bound_precision(len(newer.right), len(newer.wrong), len(choices))
        least = max(FLOOR, share_unconditioned(parts.newer, aim, choice.candidate.value))
        if older.is_sound(limits) and newer.is_sound(limits) and at_least > least:
            confirmed.append(Confirmed(choice.candidate, choice.rule, older, newer, at_least))
            parts = Parts(trials[0].after, trials[1].after)
    return confirmed, parts
