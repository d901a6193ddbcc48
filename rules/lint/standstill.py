"""Facts on which rules that wait for each other are ready but for that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ...core.types import Facts
from ..conditions import all_hold
from ..engine import Derivation
from ..policy import Policy
from ..rule import Rule
from .abstraction import Outlook
from .circles import Circle
from .deduction import list_needs
from .goals import Goal, list_facts_until
from .model import ABSENT, Model, RuleModel, Test


def ask_standstill(circle: Circle) -> Stalls:
    """Return the question whether the rules of a circle can wait in vain."""
    own = frozenset(name for rule in circle.rules for name in rule.sets)
    return Stalls(circle.names, circle.waits, own)


@dataclass(frozen=True, slots=True)
class Stalls(Goal):
    """Rules that wait for each other do not fire, though all that others could give them is there."""

    rules: tuple[str, ...]
    waits: tuple[frozenset[str], ...]
    """The facts that each rule waits for; one of them is missing."""
    own: frozenset[str]
    """All facts that the rules set: where they are missing is no other rule's fault."""

    @property
    def title(self) -> str:
        """What is asked, in words."""
        return f"can {' and '.join(self.rules)} wait in vain"

    def list_rivals(self, model: Model) -> tuple[RuleModel, ...]:
        """Return the rules themselves."""
        return tuple(model.find_rule(rule) for rule in self.rules)

    def list_needs(self, model: Model) -> Iterator[Test]:
        """Yield what the rules ask for, or that it is missing where they set it themselves."""
        for rule, waited in self._list_waiting(model):
            own = {model.find_after(name, rule.stage) for name in self.own}
            for test in list_needs(rule):
                yield Test(test.variable, test.mask | ABSENT) if test.variable in own else test
            if len(waited) == 1:
                yield Test(waited[0], ABSENT)

    def is_possible(self, model: Model, outlook: Outlook) -> bool:
        """Say whether something that each of them waits for can be missing."""
        waiting = self._list_waiting(model)
        return all(any(outlook.masks[variable] & ABSENT for variable in waited) for _, waited in waiting)

    def is_met(self, policy: Policy, derivation: Derivation) -> bool:
        """Say whether each of them was ready but for what it waits for."""
        rules = {rule.id: rule for rule in policy.rules}
        facts = list_facts_until(policy, derivation, rules[self.rules[0]].stage)
        pairs = zip(self.rules, self.waits, strict=True)
        return all(self._is_stalled(rules[name], waits, facts) for name, waits in pairs)

    def _list_waiting(self, model: Model) -> Iterator[tuple[RuleModel, list[int]]]:
        """Yield each rule with the variables that it waits for."""
        for rule, waits in zip(self.list_rivals(model), self.waits, strict=True):
            yield rule, [model.find_after(name, rule.stage) for name in waits]

    def _is_stalled(self, rule: Rule, waits: frozenset[str], facts: Facts) -> bool:
        lacking = self.own - facts.keys()
        others = tuple(test for test in rule.conditions if test.tests_absence or not lacking.intersection(test.reads))
        return bool(waits & lacking) and all_hold(others, facts) and not rule.is_vetoed(facts)
