"""Rules that fire and never have a say: others set before what they would set."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ...core.types import Facts
from ..conditions import Condition, all_hold
from ..engine import Derivation
from ..policy import Policy
from ..rule import Rule
from .abstraction import Outlook
from .deduction import list_needs
from .finding import Finding
from .goals import Fires, Goal, describe_ends, find_firing, is_overtaken, list_claims, list_ends, list_setters_before
from .loops import list_looping
from .model import Model, RuleModel, Test
from .search import Searcher

_ADVICE = "Let it go before them (a lower number in priority), narrow their conditions, or remove it."


def find_shadowed(searcher: Searcher) -> Iterator[Finding]:
    """Yield every rule that fires on some facts and sets nothing on any; those of a loop are the loop's."""
    looping = list_looping(searcher)
    for rule in searcher.policy.rules:
        if rule.id not in looping and all(searcher.find_facts(goal).is_impossible for goal in list_sayings(rule)):
            facts = searcher.find_facts(Fires(rule.id)).facts
            if facts is not None:
                yield _describe(searcher, rule, facts)


def can_set(searcher: Searcher, rule: Rule) -> bool:
    """Say whether facts are known on which the rule has a say."""
    return any(searcher.find_facts(goal).facts is not None for goal in list_sayings(rule))


def list_sayings(rule: Rule, ends: tuple[Condition, ...] = ()) -> Iterator[Goal]:
    """Yield, for each fact that the rule sets, that it is the first to do so, where ``ends`` hold."""
    return (Sets(rule.id, name, ends) for name in rule.sets)


def list_rulings(rule: Rule, derivation: Derivation) -> list[tuple[str, str]]:
    """Return the facts that a rule sets, each with the rule whose word counted."""
    return [(name, firing.rule) for firing in derivation.trace for name in rule.sets if name in firing.sets]


def _describe(searcher: Searcher, rule: Rule, facts: Facts) -> Finding:
    before = [f"{name} by {other}" for name, other in list_rulings(rule, searcher.engine.decide(facts))]
    message = f"Whenever it fires, all that it sets was set before: here {', '.join(before)}."
    return Finding("shadowed", (rule.id,), message, _ADVICE, facts)


@dataclass(frozen=True, slots=True)
class Sets(Goal):
    """A rule fires and is the first to set a fact, and some conditions hold in the end."""

    rule: str
    fact: str
    ends: tuple[Condition, ...] = ()

    @property
    def title(self) -> str:
        """What is asked, in words."""
        return f"can {self.rule} be the first to set {self.fact}{describe_ends(self.ends)}"

    @property
    def fires(self) -> tuple[str, ...]:
        """The rule."""
        return (self.rule,)

    def list_rivals(self, model: Model) -> tuple[RuleModel, ...]:
        """Return those that would set the fact before."""
        return list_setters_before(model, model.find_rule(self.rule), self.fact)

    def list_needs(self, model: Model) -> Iterator[Test]:
        """Yield what the rule needs, and that the fact is free."""
        rule = model.find_rule(self.rule)
        yield from list_needs(rule)
        yield from list_claims(model, self.fact, rule)
        yield from list_ends(model, self.ends)

    def is_possible(self, model: Model, outlook: Outlook) -> bool:
        """Say whether it can fire, and nobody sets the fact before for sure."""
        rule = model.find_rule(self.rule)
        return rule.id in outlook.can and not is_overtaken(model, outlook, rule, self.fact)

    def is_met(self, policy: Policy, derivation: Derivation) -> bool:
        """Say whether it set the fact, and the conditions hold."""
        firing = find_firing(derivation, self.rule)
        return firing is not None and self.fact in firing.sets and all_hold(self.ends, derivation.facts)
