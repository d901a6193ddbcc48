"""What a search looks for: which values it needs, and how a run of the engine shows that it was reached."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from ...core.types import Facts, Firing
from ..conditions import Condition, all_hold
from ..describing import describe_conditions
from ..engine import Derivation
from ..policy import Policy
from .abstraction import Outlook
from .deduction import list_needs
from .model import ABSENT, Model, RuleModel, Test


class Goal:
    """Something that facts may lead to; goals are values, so that each is searched for once."""

    __slots__ = ()

    @property
    def title(self) -> str:
        """What is asked, in words."""
        raise NotImplementedError

    @property
    def fires(self) -> tuple[str, ...]:
        """Rules that have to fire."""
        return ()

    def list_rivals(self, model: Model) -> tuple[RuleModel, ...]:
        """Return rules that had better not fire."""
        return ()

    def list_needs(self, model: Model) -> Iterator[Test]:
        """Yield values outside of which the goal is out of reach."""
        raise NotImplementedError

    def is_possible(self, model: Model, outlook: Outlook) -> bool:
        """Say whether facts of a box can lead to the goal; False is certain, True is not."""
        return outlook.can.issuperset(self.fires)

    def is_met(self, policy: Policy, derivation: Derivation) -> bool:
        """Say whether a run of the engine reached the goal."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Fires(Goal):
    """A rule fires, and some conditions hold in the end."""

    rule: str
    ends: tuple[Condition, ...] = ()

    @property
    def title(self) -> str:
        """What is asked, in words."""
        return f"can {self.rule} fire{describe_ends(self.ends)}"

    @property
    def fires(self) -> tuple[str, ...]:
        """The rule."""
        return (self.rule,)

    def list_needs(self, model: Model) -> Iterator[Test]:
        """Yield what the rule and the conditions need."""
        yield from list_needs(model.find_rule(self.rule))
        yield from list_ends(model, self.ends)

    def is_met(self, policy: Policy, derivation: Derivation) -> bool:
        """Say whether it fired, and the conditions hold."""
        return find_firing(derivation, self.rule) is not None and all_hold(self.ends, derivation.facts)


def find_firing(derivation: Derivation, rule_id: str) -> Firing | None:
    """Return the firing of a rule; None where it stayed silent."""
    return next((firing for firing in derivation.trace if firing.rule == rule_id), None)


def list_facts_before(derivation: Derivation, rule_id: str) -> Facts:
    """Return what the facts were when a rule was about to fire."""
    later: set[str] = set()
    for firing in reversed(derivation.trace):
        later.update(firing.sets)
        if firing.rule == rule_id:
            break
    return _leave_out(derivation.facts, later)


def list_facts_until(policy: Policy, derivation: Derivation, stage: str) -> Facts:
    """Return what the facts were when a stage had ended."""
    ended = policy.stages[: policy.stages.index(stage) + 1]
    later = {name for firing in derivation.trace if firing.rule.partition("/")[0] not in ended for name in firing.sets}
    return _leave_out(derivation.facts, later)


def list_claims(model: Model, fact: str, rule: RuleModel) -> Iterator[Test]:
    """Yield what has to hold of single variables for a rule to be the first to set a fact."""
    variable = model.find_after(fact, rule.stage)
    yield Test(model.find_previous(variable), ABSENT)
    yield from (Test(variable, setting.range) for setting in rule.settings if setting.target == variable)


def list_ends(model: Model, conditions: tuple[Condition, ...]) -> Iterator[Test]:
    """Yield what the conditions ask of facts in the end."""
    for condition in conditions:
        yield Test(model.find_last(condition.fact), model.find_mask(condition))


def list_setters_before(model: Model, rule: RuleModel, fact: str) -> tuple[RuleModel, ...]:
    """Return the rules of the same stage that come before in order and set the fact."""
    variable = model.find_after(fact, rule.stage)
    return tuple(
        other
        for other in model.rules
        if other.place < rule.place and any(setting.target == variable for setting in other.settings)
    )


def describe_ends(ends: tuple[Condition, ...]) -> str:
    """Return in words where a goal is asked for."""
    return f" where {describe_conditions(ends)}" if ends else ""


def is_overtaken(model: Model, outlook: Outlook, rule: RuleModel, fact: str) -> bool:
    """Say whether another rule sets the fact before for sure."""
    return outlook.last.get(model.find_after(fact, rule.stage), rule.place) < rule.place


def _leave_out(facts: Facts, names: Collection[str]) -> Facts:
    return {name: value for name, value in facts.items() if name not in names}
