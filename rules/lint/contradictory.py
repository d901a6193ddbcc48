"""Rules of equal priority that want different things: only their names say which wins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from ...core.types import Facts
from ..conditions import all_hold, is_same
from ..describing import describe_value
from ..effects import Constant
from ..engine import Derivation
from ..policy import Policy
from ..rule import Rule
from .abstraction import Outlook
from .deduction import list_needs
from .finding import Finding
from .goals import (
    Goal,
    find_firing,
    is_overtaken,
    list_claims,
    list_facts_before,
    list_setters_before,
)
from .model import Model, RuleModel, Test
from .search import Searcher

_ADVICE = "Let one go first (a lower number in priority), or keep them apart by a condition or a veto."


def find_contradictory(searcher: Searcher) -> Iterator[Finding]:
    """Yield every pair of rules between which nothing but the alphabet decides on some facts."""
    for first, second in combinations(searcher.policy.rules, 2):
        if (first.stage, first.priority) == (second.stage, second.priority):
            for name in _list_disputed(first, second):
                facts = searcher.find_facts(Clashes(first.id, second.id, name)).facts
                if facts is not None:
                    yield _describe(searcher, first, second, name, facts)
                    break


def _list_disputed(first: Rule, second: Rule) -> Iterator[str]:
    """Yield facts that both set, and not to the same value whatever happens."""
    others = {effect.fact: effect for effect in second.then}
    for effect in first.then:
        other = others.get(effect.fact)
        if other is None:
            continue
        if not (isinstance(effect, Constant) and isinstance(other, Constant) and is_same(effect.value, other.value)):
            yield effect.fact


def _describe(searcher: Searcher, first: Rule, second: Rule, name: str, facts: Facts) -> Finding:
    derivation = searcher.engine.decide(facts)
    winner, loser = find_firing(derivation, first.id), find_firing(derivation, second.id)
    wanted = (winner.sets[name] if winner else "", loser.overridden[name] if loser else "")
    message = (
        f"Both fire and set {name}, {first.id} to {describe_value(wanted[0])} and {second.id} to "
        f"{describe_value(wanted[1])}; their priority is the same, {first.priority}, so only the alphabet decides."
    )
    return Finding("contradictory", (first.id, second.id), message, _ADVICE, facts)


@dataclass(frozen=True, slots=True)
class Clashes(Goal):
    """Two rules are ready at the same moment, and would set a fact to different values."""

    first: str
    second: str
    fact: str

    @property
    def title(self) -> str:
        """What is asked, in words."""
        return f"can {self.first} and {self.second} clash on {self.fact}"

    @property
    def fires(self) -> tuple[str, ...]:
        """Both."""
        return (self.first, self.second)

    def list_rivals(self, model: Model) -> tuple[RuleModel, ...]:
        """Return those that would set the fact before."""
        return list_setters_before(model, model.find_rule(self.first), self.fact)

    def list_needs(self, model: Model) -> Iterator[Test]:
        """Yield what both need, and that the fact is free."""
        first = model.find_rule(self.first)
        yield from list_needs(first)
        yield from list_needs(model.find_rule(self.second))
        yield from list_claims(model, self.fact, first)

    def is_possible(self, model: Model, outlook: Outlook) -> bool:
        """Say whether both can fire, and nobody sets the fact before for sure."""
        first = model.find_rule(self.first)
        return outlook.can.issuperset(self.fires) and not is_overtaken(model, outlook, first, self.fact)

    def is_met(self, policy: Policy, derivation: Derivation) -> bool:
        """Say whether the second was ready when the first set the fact, and would have set another value."""
        winner, loser = find_firing(derivation, self.first), find_firing(derivation, self.second)
        if winner is None or loser is None or self.fact not in winner.sets or self.fact not in loser.overridden:
            return False
        if is_same(winner.sets[self.fact], loser.overridden[self.fact]):
            return False
        second = next(rule for rule in policy.rules if rule.id == self.second)
        before = list_facts_before(derivation, self.first)
        return all_hold(second.conditions, before) and not second.is_vetoed(before)
