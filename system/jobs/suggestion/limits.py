"""What a rule has to reach to be suggested."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ....core.beta import beta_quantile

DOUBT: Final = 0.05
"""How improbable it must be that a suggestion holds by chance, over all rules of a stage that were put to the test."""
FLOOR: Final = 0.7
"""Share of right answers that a rule must be certain to reach on the newer part, whatever it reached there."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Hold what the user asks of a suggestion."""

    minimum_causes: int = 10
    """Fewest distinct causes whose answer a rule must mend, in each part of history."""
    precision: float = 0.95
    """Least share (0 to 1) of the causes whose answer it changes on which a rule must be right, in each part."""

    @property
    def needed(self) -> tuple[int, int]:
        """Causes that it takes in the older and in the newer part, if the rule is right on each."""
        newer = self.minimum_causes
        while bound_precision(newer, 0, 1) <= FLOOR:
            newer += 1
        return self.minimum_causes, newer

    def allow(self, right: int, wrong: int) -> bool:
        """Say whether a rule that is right on so many causes may be wrong on so many."""
        return wrong <= round((1.0 - self.precision) * (right + wrong), 9)


def bound_precision(right: int, wrong: int, tested: int) -> float:
    """Return what the precision is at least, 0 to 1, unless something befell that is less probable than ``DOUBT``.

    It is a quantile of the Beta posterior over a uniform prior, at ``DOUBT`` divided by the number of rules ``tested``
    (Bonferroni), so that trying many does not make one hold.
    """
    return beta_quantile(DOUBT / max(tested, 1), right + 1, wrong + 1)
