"""Rules that the thresholds of a preset keep from ever firing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...core.types import Scalar
from ..conditions import Condition, FactRef
from ..effects import Lookup
from ..policy import Policy
from ..rule import Rule
from .causes import describe_cause, find_cause
from .finding import Finding
from .goals import Fires
from .search import Searcher
from .shadowed import can_set
from .wording import describe_value

_PRESET = "preset"
"""The fact that names the row of thresholds that counts."""
_ADVICE = "Correct the thresholds of this preset, or say in the rule where it does not apply."


def find_thresholds(searcher: Searcher) -> Iterator[Finding]:
    """Yield every rule that compares with thresholds and can fire, but not under one of the presets."""
    lookups = _list_thresholds(searcher.policy)
    for preset in _list_presets(searcher.policy):
        values = {name: value for name, lookup in lookups.items() if (value := _look_up(lookup, preset)) is not None}
        for rule in searcher.policy.rules:
            if _compares(rule, lookups) and can_set(searcher, rule):
                yield from _check_rule(searcher, rule, preset, values)


def _check_rule(searcher: Searcher, rule: Rule, preset: str, values: Mapping[str, Scalar]) -> Iterator[Finding]:
    ends = (Condition(_PRESET, "is", preset),)
    if not searcher.find_facts(Fires(rule.id, ends)).is_impossible:
        return
    cause = find_cause(searcher, rule, ends)
    if not cause.reads & values.keys() or cause.reads & _list_origins(searcher.policy):
        return  # the rule itself says where it applies
    message = f"Under the preset {describe_value(preset)} it can never fire: {describe_cause(cause, values)}."
    yield Finding("thresholds", (rule.id,), message, _ADVICE, cause.nearest)


def _list_thresholds(policy: Policy) -> dict[str, Lookup]:
    effects = [effect for rule in policy.rules for effect in rule.then]
    return {effect.fact: effect for effect in effects if isinstance(effect, Lookup) and effect.by == _PRESET}


def _list_presets(policy: Policy) -> list[str]:
    """Return the values that rules set the preset to."""
    effects = [effect for rule in policy.rules for effect in rule.then if effect.fact == _PRESET]
    return sorted({value for effect in effects for value in effect.values if isinstance(value, str)})


def _list_origins(policy: Policy) -> frozenset[str]:
    """Return the preset, and what it is derived from."""
    sources = (rule.reads for rule in policy.rules if _PRESET in rule.sets)
    return frozenset({_PRESET}).union(*sources)


def _look_up(lookup: Lookup, preset: str) -> Scalar | None:
    return lookup.rows.get(preset, lookup.otherwise)


def _compares(rule: Rule, lookups: Mapping[str, Lookup]) -> bool:
    """Say whether the rule compares a fact with a threshold."""
    tests = rule.when + rule.vetoing_tests
    return any(isinstance(test.value, FactRef) and not lookups.keys().isdisjoint(test.reads) for test in tests)
