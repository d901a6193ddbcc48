"""Why a rule cannot fire: the fewest of its conditions that cannot hold together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ...core.frozen import FrozenDict
from ...core.types import Facts
from ..conditions import Condition
from ..describing import describe_condition, describe_conditions, describe_value
from ..effects import Constant, Effect, Lookup
from ..rule import Rule
from ..vocabulary import INPUTS
from .goals import Fires
from .search import Answer, Searcher

_MANY = 12
"""Values that are listed at most."""

Part = Condition | tuple[Condition, ...] | Effect
"""A condition of ``when``, a veto, or an effect that needs something to be there."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Hold why a rule cannot fire."""

    parts: tuple[Part, ...]
    """What cannot hold together; without any one of them the rule can fire."""
    nearest: Facts
    """Input facts on which all of them but the last hold, and the rest of the rule too if it can; may be empty."""
    hint: str
    """What there is to say of the fact that the only part is about; empty where there is nothing."""

    @property
    def reads(self) -> frozenset[str]:
        """The facts that the parts are about."""
        return frozenset(name for part in self.parts for test in list_tests(part) for name in test.reads)


def find_cause(searcher: Searcher, rule: Rule, ends: tuple[Condition, ...] = ()) -> Cause:
    """Return why ``rule``, which cannot fire where ``ends`` hold, cannot."""
    kept = _list_parts(rule)
    for part in tuple(kept):
        fewer = [other for other in kept if other is not part]
        if _ask(searcher, rule, fewer, ends).is_impossible:
            kept = fewer
    nearest = _find_nearest(searcher, rule, kept, ends)
    hint = _describe_values(searcher, kept[0]) if len(kept) == 1 else ""
    return Cause(tuple(kept), nearest, hint)


def describe_cause(cause: Cause) -> str:
    """Return the cause in words."""
    never = "never holds" if len(cause.parts) == 1 else "never hold together"
    lacking = f"; on these facts {_describe(cause.parts[-1])} is what is lacking" if cause.nearest else ""
    return f"{' and '.join(map(_describe, cause.parts))} {never}{cause.hint}{lacking}"


def list_tests(part: Part) -> tuple[Condition, ...]:
    """Return the conditions of a part."""
    if isinstance(part, Condition):
        return (part,)
    return part if isinstance(part, tuple) else part.needs


def _find_nearest(searcher: Searcher, rule: Rule, parts: Sequence[Part], ends: tuple[Condition, ...]) -> Facts:
    if not parts:
        return FrozenDict()
    others = [part for part in _list_parts(rule) if part is not parts[-1]]
    answers = (_ask(searcher, rule, tried, ends).facts for tried in (others, parts[:-1]))
    return next((facts for facts in answers if facts is not None), FrozenDict())


def _list_parts(rule: Rule) -> list[Part]:
    return [*rule.when, *rule.unless, *(effect for effect in rule.then if effect.needs)]


def _ask(searcher: Searcher, rule: Rule, parts: Sequence[Part], ends: tuple[Condition, ...]) -> Answer:
    """Ask whether the rule could fire if these were its only parts."""
    easier = replace(
        rule,
        when=tuple(part for part in parts if isinstance(part, Condition)),
        unless=tuple(part for part in parts if isinstance(part, tuple)),
        then=tuple(_ease(effect, parts, searcher) for effect in rule.then),
    )
    rules = tuple(easier if other is rule else other for other in searcher.policy.rules)
    return Searcher(replace(searcher.policy, rules=rules)).find_facts(Fires(rule.id, ends))


def _ease(effect: Effect, parts: Sequence[Part], searcher: Searcher) -> Effect:
    """Return an effect that needs nothing, unless the effect is among the parts."""
    if not effect.needs or any(part is effect for part in parts):
        return effect
    _, *values = searcher.model.values[effect.fact]
    return Constant(effect.fact, next((value for value in values if value is not None), ""))


def _describe(part: Part) -> str:
    if isinstance(part, Condition):
        return describe_condition(part)
    if isinstance(part, tuple):
        return f"not ({describe_conditions(part)})"
    return f"{part.by} names a row of {part.table}" if isinstance(part, Lookup) else f"{part.source} is there"


def _describe_values(searcher: Searcher, part: Part) -> str:
    """Return which values the fact can have that a part asks others of."""
    test = list_tests(part)[0]
    values = [value for value in searcher.model.values[test.fact] if value is not None]
    if isinstance(part, tuple) or any(test.holds({test.fact: value}) for value in values):
        return ""
    if test.fact in INPUTS or not 0 < len(values) <= _MANY:
        return ""
    return f"; {test.fact} is only ever set to {', '.join(sorted(map(describe_value, values)))}"
