"""Facts for which no rule says what a decision is made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..conditions import Condition, all_hold
from ..engine import Derivation
from ..policy import Policy
from .finding import Finding
from .goals import Goal, list_ends
from .model import Model, Test
from .search import Searcher

_ALWAYS = (
    "type",
    "category",
    "severity",
    "retryable",
    "suggested_action",
    "strategy",
    "priority",
    "fault_domain",
)
_BY_STRATEGY = {"retry": ("plan_attempts", "plan_base"), "recover": ("plan_recipe",), "escalate": ("plan_target",)}
_ADVICE = "Add a rule of a late priority for everything else, without conditions or with 'otherwise' in its lookup."


def find_missing_outcomes(searcher: Searcher) -> Iterator[Finding]:
    """Yield every part of a decision that some rules set, and on some facts none."""
    for goal in _list_goals():
        if searcher.policy.sets.issuperset(condition.fact for condition in goal.conditions):
            facts = searcher.find_facts(goal).facts
            if facts is not None:
                message = f"On these facts no rule sets {goal.missing}{goal.where}."
                yield Finding("missing_outcomes", (), message, _ADVICE, facts)


def _list_goals() -> Iterator[Lacks]:
    yield from (Lacks(name) for name in _ALWAYS)
    for strategy, names in _BY_STRATEGY.items():
        yield from (Lacks(name, strategy) for name in names)


@dataclass(frozen=True, slots=True)
class Lacks(Goal):
    """A fact is missing in the end; with a strategy, where that is chosen."""

    missing: str
    strategy: str = ""

    @property
    def where(self) -> str:
        """When it is missing, in words."""
        return f", though the strategy is {self.strategy}" if self.strategy else ""

    @property
    def title(self) -> str:
        """What is asked, in words."""
        return f"can {self.missing} be missing{self.where}"

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """What holds in the end."""
        missing = Condition(self.missing, "missing", True)
        return (missing, Condition("strategy", "is", self.strategy)) if self.strategy else (missing,)

    def list_needs(self, model: Model) -> Iterator[Test]:
        """Yield the conditions."""
        return list_ends(model, self.conditions)

    def is_met(self, policy: Policy, derivation: Derivation) -> bool:
        """Say whether they hold."""
        return all_hold(self.conditions, derivation.facts)
