"""Decide stored facts by other rules: they are the whole input of a decision."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from ....core.frozen import FrozenDict
from ....rules import GATE_FACTS, INPUTS, ForwardChainer, Lacking, Policy, fold_facts
from ....rules.recalling import identify_facts
from ...pipeline import bound_plan
from ...settings import DecisionSettings
from .ruling import Ruling, summarise_decision

MAX_KNOWN = 20_000
"""Different facts whose rulings are kept."""
_FIRST_VERSION = 1
_SCALAR = (str, int, float)


@dataclass(frozen=True, slots=True)
class Redecided:
    """Hold what the rules make of stored facts."""

    ruling: Ruling
    lacking: frozenset[str]
    """Facts that the rules would have looked at and that were not kept then: where there are any, nothing is known."""


class Redecider:
    """Decide facts as a decision of today is made of them; not for several threads at once.

    Facts that differ only in what no rule reads are decided once.
    """

    def __init__(self, policy: Policy, limits: DecisionSettings, renewed: AbstractSet[str] = frozenset()) -> None:
        """``renewed`` are facts that are made anew before, and so never lacking."""
        self.policy = policy
        self._engine = ForwardChainer(policy)
        self._limits = limits
        self._renewed = renewed
        self._names = sorted((policy.reads | set(GATE_FACTS)) & INPUTS.keys())
        self._lacking: dict[int, Lacking] = {}
        self._known: dict[Hashable, Redecided] = {}

    def decide(self, facts: Mapping[str, Any], version: int) -> Redecided:
        """Return the ruling on facts of this version of the vocabulary."""
        read = {name: facts[name] for name in self._names if isinstance(facts.get(name), _SCALAR)}
        key = (version, identify_facts(read))
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= MAX_KNOWN:
                self._known.clear()
            known = self._known[key] = self._decide_new(read, version)
        return known

    def _decide_new(self, facts: Mapping[str, Any], version: int) -> Redecided:
        derivation = self._engine.decide(FrozenDict(facts))
        decision = bound_plan(fold_facts(derivation, self.policy), self._limits)
        lacking = self._find_lacking(version).find_decisive(derivation.facts)
        return Redecided(summarise_decision(decision), lacking)

    def _find_lacking(self, version: int) -> Lacking:
        if version not in self._lacking:
            self._lacking[version] = Lacking(self.policy, version, known=self._renewed)
        return self._lacking[version]


def read_version(facts: Mapping[str, Any]) -> int | None:
    """Return the version of the vocabulary that stored facts are of; None where they are empty or damaged."""
    version = facts.get("vocabulary", _FIRST_VERSION)
    is_version = isinstance(version, int) and not isinstance(version, bool) and version >= _FIRST_VERSION
    return version if facts and is_version else None
