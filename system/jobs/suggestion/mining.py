"""From judged cases to rules that were found on the older of them and hold on the newer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ....rules import Policy
from .aims import AIMS
from .benches import set_up
from .candidates import find_candidates
from .confirmation import Confirmed, Parts, confirm_rules
from .cover import choose_rules
from .figures import list_wrong
from .judged_cases import JudgedCase
from .limits import Limits

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class StageFindings:
    """Hold what came of the search for the rules of one stage."""

    stage: str
    wrong: frozenset[str]
    """Causes to whose failures the rules in use give another answer than the right one."""
    found: int
    """Conditions that looked sound on the older part."""
    tested: int
    """Rules out of these that were put to the test on the newer part."""
    confirmed: tuple[Confirmed, ...]


def mine_rules(
    policy: Policy, halves: Sequence[Sequence[JudgedCase]], limits: Limits, progress: Progress
) -> list[StageFindings]:
    """Return what was found for each stage, in the order in which the stages run: a type decides about re-runs too."""
    parts = Parts(*(set_up(policy, half) for half in halves))
    findings = []
    aims = [aim for aim in AIMS if aim.fits(policy)]
    for done, aim in enumerate(aims, start=1):
        wrong = list_wrong(parts.older, aim) | list_wrong(parts.newer, aim)
        candidates = find_candidates(parts.older, aim, limits)
        choices = choose_rules(parts.older, candidates, limits)
        confirmed, parts = confirm_rules(choices, parts, limits)
        findings.append(StageFindings(aim.stage, wrong, len(candidates), len(choices), tuple(confirmed)))
        progress("searching", done, len(aims))
    return findings
