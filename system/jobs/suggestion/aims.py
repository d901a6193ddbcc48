"""What a suggested rule may say, and in which stage it says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ....core.frozen import FrozenDict
from ....core.types import Scalar
from ....rules import OUTPUTS, Policy


@dataclass(frozen=True, slots=True)
class Aim:
    """Describe the rules of one stage: the answer that they are to get right, and how they say it."""

    stage: str
    answer: str
    """Derived fact that is compared with the truth of the same name."""
    says: str
    """Fact that the rule sets to the right answer."""
    beside: Mapping[str, Scalar] = field(default_factory=FrozenDict)
    """What it sets besides."""
    priority: int = 50
    unless: str = ""
    """Fact that keeps the rule silent where it says the same already; empty: none."""

    def fits(self, policy: Policy) -> bool:
        """Say whether the rule set has the stage and listens to what such rules say; one of the user's own need not."""
        return self.stage in policy.stages and all(
            fact in OUTPUTS or fact in policy.reads for fact in (self.says, *self.beside)
        )


TYPE_AIM = Aim("evidence", "type", "proven_type", FrozenDict({"proof": "strong"}), priority=15, unless="predicted_type")
"""After the exact codes of a text, before the strong ones: these know nothing of one's own history."""
RETRY_AIM = Aim("retry", "retryable", "retryable", priority=25)
"""After what re-runs of the failure itself showed, before what codes and types say in general."""
AIMS = (TYPE_AIM, RETRY_AIM)
