"""Facts for which no rule says what a decision is made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ...core.suggesting import join_choices
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
_ADVICE_UNSET = "Add rules that set them, or lay the set over one that does ('extends: default' in its policy.yaml)."


def find_missing_outcomes(searcher: Searcher) -> Iterator[Finding]:
    """Yield what no rule of the set ever sets, and then every part of a decision that on some facts none sets."""
    unset = [name for name in _ALWAYS if name not in searcher.policy.sets]
    if unset:
        yield Finding("missing_outcomes", (), f"No rule of the set ever sets {join_choices(unset)}.", _ADVICE_UNSET)
    for goal in _list_goals():
        if goal.decisive in searcher.policy.sets:
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
    def decisive(self) -> str:
        """The fact that some rule has to set for this to be worth asking."""
        return "strategy" if self.strategy else self.missing

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
        """Yield the conditions; what no rule sets is missing anyway."""
        return list_ends(model, tuple(test for test in self.conditions if test.fact in model.values))

    def is_met(self, policy: Policy, derivation: Derivation) -> bool:
        """Say whether they hold."""
        return all_hold(self.conditions, derivation.facts)
