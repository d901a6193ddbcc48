"""Rules that the thresholds of a preset keep from ever firing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...core.types import Facts, Scalar
from ..conditions import Condition, FactRef
from ..describing import describe_facts
from ..effects import Copy, Lookup
from ..policy import Policy
from ..rule import Rule
from .causes import describe_cause, find_cause
from .finding import Finding
from .goals import Fires
from .presets import PRESET, list_presets, list_thresholds
from .search import Answer, Searcher
from .shadowed import can_set, list_rulings, list_sayings

_ADVICE = "Correct the thresholds of this preset, or say in the rule where it does not apply."


def find_thresholds(searcher: Searcher) -> Iterator[Finding]:
    """Yield every rule that compares with thresholds and has a say, but not under one of the presets."""
    lookups = _map_thresholds(searcher.policy)
    compared = [rule for rule in searcher.policy.rules if _compares(rule, lookups) and can_set(searcher, rule)]
    for preset in list_presets(searcher.policy):
        ends = _under(searcher.policy, preset)
        for rule in compared:
            if all(searcher.find_facts(goal).is_impossible for goal in list_sayings(rule, ends)):
                yield from _describe(searcher, rule, preset, searcher.find_facts(Fires(rule.id, ends)))


def _describe(searcher: Searcher, rule: Rule, preset: str, answer: Answer) -> Iterator[Finding]:
    if answer.is_impossible:
        yield from _describe_silence(searcher, rule, preset)
    elif answer.facts is not None:
        yield from _describe_lateness(searcher, rule, preset, answer.facts)


def _describe_silence(searcher: Searcher, rule: Rule, preset: str) -> Iterator[Finding]:
    """Yield the finding for a rule that does not fire, unless the rule itself says where it applies."""
    lookups = _map_thresholds(searcher.policy)
    values = {name: value for name, lookup in lookups.items() if (value := _look_up(lookup, preset)) is not None}
    cause = find_cause(searcher, rule, _under(searcher.policy, preset))
    if cause.reads & values.keys() and not cause.reads & _list_origins(searcher.policy):
        here = describe_facts({name: value for name, value in values.items() if name in cause.reads})
        message = f"Under the preset {preset}, where {here}, it can never fire: {describe_cause(cause)}."
        yield Finding("thresholds", (rule.id,), message, _ADVICE, cause.nearest)


def _describe_lateness(searcher: Searcher, rule: Rule, preset: str, facts: Facts) -> Iterator[Finding]:
    """Yield the finding for a rule that others overrule by their thresholds, and not because of where it is."""
    lookups = _map_thresholds(searcher.policy)
    rulings = list_rulings(rule, searcher.engine.decide(facts))
    others = [other for other in searcher.policy.rules if other.id in {winner for _, winner in rulings}]
    if all(_compares(other, lookups) and not other.reads & _list_origins(searcher.policy) for other in others):
        before = ", ".join(f"{name} by {winner}" for name, winner in rulings)
        message = f"Under the preset {preset} all that it sets was always set before: here {before}."
        yield Finding("thresholds", (rule.id,), message, _ADVICE, facts)


def _under(policy: Policy, preset: str) -> tuple[Condition, ...]:
    """Return that the preset counts, and that nobody has set a threshold by hand: no preset answers for that."""
    thresholds = _map_thresholds(policy)
    effects = [effect for rule in policy.rules for effect in rule.then]
    derived = {effect.fact for effect in effects}
    by_hand = {effect.source for effect in effects if isinstance(effect, Copy) and effect.fact in thresholds} - derived
    return (Condition(PRESET, "is", preset), *(Condition(fact, "missing", True) for fact in sorted(by_hand)))


def _map_thresholds(policy: Policy) -> dict[str, Lookup]:
    return {lookup.fact: lookup for lookup in list_thresholds(policy)}


def _list_origins(policy: Policy) -> frozenset[str]:
    """Return the preset, and what it is derived from."""
    sources = (rule.reads for rule in policy.rules if PRESET in rule.sets)
    return frozenset({PRESET}).union(*sources)


def _look_up(lookup: Lookup, preset: str) -> Scalar | None:
    return lookup.rows.get(preset, lookup.otherwise)


def _compares(rule: Rule, lookups: Mapping[str, Lookup]) -> bool:
    """Say whether the rule compares a fact with a threshold."""
    tests = rule.when + rule.vetoing_tests
    return any(isinstance(test.value, FactRef) and not lookups.keys().isdisjoint(test.reads) for test in tests)
