"""The grounds of one decision: how it came about, what it hung on, and what nearly happened instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..core.errors import UsageError
from ..core.jsonable import to_jsonable
from ..core.types import Decision, Facts, Firing
from ..outcomes import Store, find_outcome
from ..rules import Engine, ForwardChainer, Policy
from ..rules.aspects import judge_facts
from ..rules.chain import Link, link_firings
from ..rules.describing import describe_condition, describe_conditions
from ..rules.flips import find_flips
from ..rules.near_misses import NearMiss, find_near_misses
from .pipeline import Answer


@dataclass(frozen=True, slots=True)
class Grounds:
    """Hold what one decision was made of."""

    decision: Decision
    facts: Facts
    trace: Sequence[Firing]
    outcome_id: str | None = None
    """Where it is stored; None for one that was just made."""


def take_grounds(answer: Answer, engine: Engine) -> Grounds:
    """Return the grounds of an answer that was just given; ``engine`` is the one that decided."""
    return Grounds(answer.decision, answer.facts, engine.decide(answer.facts).trace)


def find_grounds(store: Store, identifier: str) -> Grounds:
    """Return the grounds of a stored decision, by its own id or by its outcome's; raise UsageError where none is."""
    outcome = find_outcome(store, identifier)
    if outcome is None or outcome.decision is None:
        what = "is no file, and no decision of this id is" if outcome is None else "is an outcome without a decision"
        raise UsageError(f"{identifier}: {what} in {store.place}; give a log, or an id that explain --record printed")
    return Grounds(outcome.decision, outcome.facts, outcome.trace, outcome.id)


def explain_grounds(grounds: Grounds, policy: Policy) -> dict[str, Any]:
    """Return everything that is to be told, JSON-ready.

    What nearly happened, and what would change it, is told by the rules of ``policy``, which are those in use.
    """
    engine = ForwardChainer(policy)
    derivation = engine.decide(grounds.facts)
    titles = {rule.id: rule.title for rule in policy.rules}
    decision = grounds.decision
    said = {firing.because for firing in grounds.trace}
    return {
        "outcome_id": grounds.outcome_id,
        "decision": decision.to_dict(),
        "rules_revision": decision.rules_revision,
        "rules_in_use": policy.revision,
        "same_rules": decision.rules_revision == policy.revision,
        "by_rules_in_use": to_jsonable(judge_facts(derivation, policy)),
        "facts": to_jsonable(grounds.facts),
        "chain": [_describe_link(link, titles) for link in link_firings(grounds.trace)],
        "besides_the_rules": [sentence for sentence in decision.because if sentence not in said],
        "near_misses": [_describe_miss(miss) for miss in find_near_misses(policy, derivation)],
        "flips": to_jsonable(find_flips(engine, derivation)),
    }


def _describe_link(link: Link, titles: dict[str, str]) -> dict[str, Any]:
    firing = link.firing
    overridden = {
        name: {"value": value, "by": link.overridden_by[name] or None} for name, value in firing.overridden.items()
    }
    return {
        "rule": firing.rule,
        "title": titles.get(firing.rule, ""),
        "used": to_jsonable(firing.used),
        "sets": to_jsonable(firing.sets),
        "overridden": overridden,
        "because": firing.because,
    }


def _describe_miss(miss: NearMiss) -> dict[str, Any]:
    missed = describe_condition(miss.condition) if miss.condition else None
    return {
        "rule": miss.rule,
        "title": miss.title,
        "missed": missed,
        "vetoed_by": describe_conditions(miss.veto) or None,
        "found": to_jsonable(miss.found),
        "changes": to_jsonable(miss.changes),
    }
