"""What facts that were stored earlier could not hold yet, and whether a decision on them hangs on it."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from ..core.types import Facts
from .conditions import Condition
from .policy import Policy
from .rule import Rule
from .vocabulary import INPUTS


class Lacking:
    """Hold the inputs that rules read and that facts of a version of the vocabulary lack without saying why.

    One that is ``absent_before`` is none of them: its absence is the truth.
    """

    def __init__(self, policy: Policy, version: int, *, known: AbstractSet[str] = frozenset()) -> None:
        """``known`` are facts that are there all the same."""
        inputs = (INPUTS[name] for name in (policy.reads & INPUTS.keys()) - known)
        names = frozenset(word.name for word in inputs if word.since > version and not word.absent_before)
        self._readers = tuple(_Reader(rule, names) for rule in policy.rules if rule.reads & names)

    def find_decisive(self, derived: Facts) -> frozenset[str]:
        """Return those of the lacking facts that could have changed what the rules derived without them.

        ``derived`` are the facts after the rules. A rule that looks at a lacking fact counts when all else that it asks
        for is there. Where no such rule counts, no value of the lacking facts lets one fire: facts once set stay,
        so what does not hold in the end held at no time before.
        """
        return frozenset().union(*(reader.lacks for reader in self._readers if reader.would_look(derived)))


class _Reader:
    """Hold one rule that looks at lacking facts."""

    def __init__(self, rule: Rule, names: AbstractSet[str]) -> None:
        self.lacks = rule.reads & names
        self._others = tuple(test for test in rule.conditions if _is_lasting(test) and names.isdisjoint(test.reads))

    def would_look(self, derived: Facts) -> bool:
        """Say whether all else holds that the rule asks for."""
        return all(test.holds(derived) for test in self._others)


def _is_lasting(test: Condition) -> bool:
    """Say whether the test holds in the end where it ever held; absence may have ended."""
    return not test.tests_absence
