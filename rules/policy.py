"""A rule set as one value: stages, rules, tables, and the revision that names it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from ..core.jsonable import to_jsonable
from ..core.types import Scalar
from .rule import Case, Rule

Tables = Mapping[str, Mapping[str, Scalar]]

_NOT_BEHAVIOUR = ("cases", "title")


@dataclass(frozen=True)
class Policy:
    """Hold an ordered rule set; build it with ``load_policy``."""

    name: str
    description: str
    stages: tuple[str, ...]
    rules: tuple[Rule, ...]
    """In the order in which they are considered: stage, priority, id."""
    tables: Tables
    background: tuple[str, ...] = ()
    """Stages that only say what is usual or who is told: in the trace, but among the reasons of no decision."""
    scenarios: tuple[Case, ...] = ()
    """Cases for the set as a whole: what must hold after all rules had their say."""

    @cached_property
    def revision(self) -> str:
        """12 hex digits of the SHA-256 over all that can change a decision or its explanation."""
        content = {
            "stages": self.stages,
            "rules": [_describe_rule(rule) for rule in self.rules],
            "tables": self.tables,
        }
        canonical = json.dumps(to_jsonable(content), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()[:12]

    @cached_property
    def reads(self) -> frozenset[str]:
        """Names of the facts that some rule looks at."""
        return frozenset().union(*(rule.reads for rule in self.rules))

    @cached_property
    def sets(self) -> frozenset[str]:
        """Names of the facts that some rule sets."""
        return frozenset(name for rule in self.rules for name in rule.sets)

    @cached_property
    def by_stage(self) -> tuple[tuple[Rule, ...], ...]:
        """The rules of each stage, in order."""
        return tuple(tuple(rule for rule in self.rules if rule.stage == stage) for stage in self.stages)


def order_rules(rules: Mapping[str, Rule], stages: tuple[str, ...]) -> tuple[Rule, ...]:
    """Return the rules by stage, priority and id."""
    return tuple(sorted(rules.values(), key=lambda rule: (stages.index(rule.stage), rule.priority, rule.id)))


def add_rules(policy: Policy, rules: Iterable[Rule]) -> Policy:
    """Return the policy with more rules, or others of the same ids."""
    known = {rule.id: rule for rule in (*policy.rules, *rules)}
    return replace(policy, rules=order_rules(known, policy.stages))


def _describe_rule(rule: Rule) -> dict[str, Any]:
    described: dict[str, Any] = to_jsonable(rule)
    return {key: value for key, value in described.items() if key not in _NOT_BEHAVIOUR}
