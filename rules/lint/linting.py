"""Run the checks over a policy."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from ..policy import Policy
from .contradictory import find_contradictory
from .finding import Finding
from .loops import find_loops
from .missing_cases import find_missing_cases
from .missing_outcomes import find_missing_outcomes
from .never_set import find_never_set
from .search import Searcher
from .shadowed import find_shadowed
from .thresholds import find_thresholds
from .unreachable import find_unreachable
from .unread_rows import find_unread_rows


class Check(Protocol):
    """Find one kind of fault."""

    def __call__(self, searcher: Searcher) -> Iterator[Finding]:
        """Yield a finding for every fault of the searcher's policy."""
        ...


CHECKS: Mapping[str, Check] = {
    "unreachable": find_unreachable,
    "shadowed": find_shadowed,
    "contradictory": find_contradictory,
    "missing_outcomes": find_missing_outcomes,
    "never_set": find_never_set,
    "thresholds": find_thresholds,
    "loops": find_loops,
    "unread_rows": find_unread_rows,
    "missing_cases": find_missing_cases,
}
"""All checks by name, in the order in which they run."""

Show = Callable[[str, int, int], None]
"""Is told a step, how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class LintReport:
    """Hold what all checks found."""

    findings: tuple[Finding, ...]
    undecided: tuple[str, ...]
    """Questions that the searches could not answer within their budget, in words."""


def lint_policy(policy: Policy, only: Collection[str] = (), show: Show | None = None) -> LintReport:
    """Return what the checks find; with ``only``, what those of these names find."""
    searcher = Searcher(policy)
    chosen = [check for name, check in CHECKS.items() if not only or name in only]
    findings: list[Finding] = []
    for done, check in enumerate(chosen, start=1):
        findings += check(searcher)
        if show is not None:
            show("Checking the rules", done, len(chosen))
    return LintReport(tuple(findings), searcher.undecided)
