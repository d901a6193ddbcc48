"""Check rules against each other and against the vocabulary: what one file alone cannot show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..core.suggesting import join_names, suggest_name
from ..core.types import Scalar
from .conditions import ORDERED, Condition, FactRef, is_number
from .effects import Copy, Effect, Lookup
from .firing import PLACEHOLDER
from .kinds import Setters, infer_kinds, list_setters
from .place import Place
from .policy import Policy
from .rule import Case, Rule
from .vocabulary import INPUTS, OUTPUTS, WORDS, Kind, Word, kind_of_value


@dataclass(frozen=True, slots=True)
class _Words:
    """Hold what is known of all facts of one policy."""

    setters: Setters
    kinds: Mapping[str, Kind]
    read: frozenset[str]
    """Facts that some rule reads, or tells of."""

    @property
    def known(self) -> frozenset[str]:
        return frozenset({*INPUTS, *self.setters})


def validate_policy(policy: Policy, places: Mapping[str, Place], scenario_places: Sequence[Place] = ()) -> None:
    """Raise ``PolicyError`` for the first rule or scenario that cannot mean what it says.

    ``places`` is by rule id, ``scenario_places`` in the order of the scenarios.
    """
    setters = list_setters(policy.rules)
    told = {name for rule in policy.rules for name in PLACEHOLDER.findall(rule.because)}
    words = _Words(setters, infer_kinds(setters), policy.reads | told)
    for rule in policy.rules:
        place = places[rule.id]
        _check_effects(rule, words, place.at("then"))
        _check_names(rule, words, place)
        _check_operands(rule, words, place)
        _check_order(rule, policy.stages, setters, place)
        _check_absences(rule, setters, place)
        _check_cases(rule, words, place.at("cases"))
    for scenario, place in zip(policy.scenarios, scenario_places, strict=True):
        _check_case(scenario, words, place)


def _check_effects(rule: Rule, words: _Words, place: Place) -> None:
    for effect in rule.then:
        name = effect.fact
        if name in INPUTS:
            place.at(name).refuse("is an input and cannot be set; derive a fact of another name")
        if name not in OUTPUTS and name not in words.read:
            hint = suggest_name(name, OUTPUTS)
            place.at(name).refuse(f"nothing reads this fact{hint}; correct the name or remove it")
        _check_effect(effect, words, place.at(name))


def _check_effect(effect: Effect, words: _Words, place: Place) -> None:
    for value in effect.values:
        _check_kind(effect.fact, value, words.kinds, place)
    if isinstance(effect, Copy):
        source, target = words.kinds.get(effect.source), words.kinds.get(effect.fact)
        if source and target and source != target:
            place.refuse(f"copies {effect.source}, a {source}, to a {target}; copy a fact of the same kind")


def _check_names(rule: Rule, words: _Words, place: Place) -> None:
    for name in sorted(rule.reads - words.known):
        _place_of_reading(rule, name, place).refuse(_describe_unknown(name, words))
    for name in PLACEHOLDER.findall(rule.because):
        if name not in words.known:
            place.at("because").refuse(_describe_unknown(name, words))


def _describe_unknown(name: str, words: _Words) -> str:
    if name in WORDS:
        return f"no rule of this set sets {name!r}; add one, or enable it again"
    hint = suggest_name(name, words.known)
    return f"there is no fact {name!r}{hint}; correct the name, or derive it in a rule"


def _place_of_reading(rule: Rule, name: str, place: Place) -> Place:
    """Return where in its file a rule reads a fact."""
    for condition in rule.when:
        if name in condition.reads:
            return place.at("when", condition.fact)
    for effect in rule.then:
        if name == effect.source:
            return place.at("then", effect.fact)
    return next(where for where, veto in _vetoes(rule, place) if any(name in test.reads for test in veto)).at(name)


def _vetoes(rule: Rule, place: Place) -> Iterable[tuple[Place, tuple[Condition, ...]]]:
    """Yield each veto with its place: a single one may stand without a list."""
    single = isinstance(place.document.content.get("unless"), dict)
    for index, veto in enumerate(rule.unless):
        yield place.at("unless") if single else place.at("unless", index), veto


def _check_operands(rule: Rule, words: _Words, place: Place) -> None:
    for condition in rule.when:
        _check_operand(condition, words, place.at("when", condition.fact))
    for where, veto in _vetoes(rule, place):
        for condition in veto:
            _check_operand(condition, words, where.at(condition.fact))
    for effect in rule.then:
        if isinstance(effect, Lookup) and words.kinds.get(effect.by, "text") != "text":
            place.at("then", effect.fact, "by").refuse(f"{effect.by!r} is no text, and rows have texts as names")


def _check_order(rule: Rule, stages: Sequence[str], setters: Setters, place: Place) -> None:
    for name in sorted(rule.reads - INPUTS.keys()):
        if stages.index(setters[name][0].stage) > stages.index(rule.stage):
            _place_of_reading(rule, name, place).refuse(
                f"{name!r} is only set in later stages and can never be seen here; move the rule"
            )


def _check_absences(rule: Rule, setters: Setters, place: Place) -> None:
    """Raise where a test that a new fact could turn from true to false names a fact of the rule's own stage."""
    tests = [*rule.vetoing_tests, *(test for test in rule.when if test.tests_absence)]
    defaulted = [effect.by for effect in rule.then if isinstance(effect, Lookup) and effect.otherwise is not None]
    for name in sorted({*(name for test in tests for name in test.reads), *defaulted}):
        rivals = [other.id for other in setters.get(name, ()) if other.stage == rule.stage and other is not rule]
        if rivals:
            _place_of_reading(rule, name, place).refuse(
                f"{name!r} is set in this rule's own stage by {rivals[0]}: 'unless', 'missing: true' and 'otherwise' "
                "may name only inputs and facts of earlier stages; move one of the two rules"
            )


def _check_operand(condition: Condition, words: _Words, place: Place) -> None:
    if condition.operator == "missing":
        return
    kind = words.kinds.get(condition.fact)
    if condition.operator in ORDERED and kind not in (None, "number"):
        place.refuse(f"{condition.fact} is a {kind} and has no order; compare it with 'is', 'not', 'in' or 'not_in'")
    if isinstance(condition.value, FactRef):
        _check_reference(condition.value, kind, words, place.at(condition.operator))
        return
    values = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    for value in values:
        _check_kind(condition.fact, value, words.kinds, place)


def _check_reference(reference: FactRef, kind: Kind | None, words: _Words, place: Place) -> None:
    other = words.kinds.get(reference.fact)
    if kind and other and kind != other:
        place.refuse(f"{reference.fact} is a {other} and cannot be compared with a {kind}; name another fact")


def _check_cases(rule: Rule, words: _Words, place: Place) -> None:
    firing = sum(case.fires for case in rule.cases)
    for index, case in enumerate(rule.cases):
        where = place.at("fires", index) if index < firing else place.at("silent", index - firing)
        _check_case(case, words, where)


def _check_case(case: Case, words: _Words, place: Place) -> None:
    for group, facts in (("facts", case.facts), ("expect", case.expect)):
        for name, value in facts.items():
            where = place.at(group, name)
            if name not in words.known and name not in WORDS:
                where.refuse(f"there is no fact {name!r}{suggest_name(name, words.known)}; correct the name")
            _check_kind(name, value, words.kinds, where)


def _check_kind(name: str, value: Scalar, kinds: Mapping[str, Kind], place: Place) -> None:
    """Raise when ``value`` can never be the value of the fact."""
    word, kind = WORDS.get(name), kinds.get(name)
    if kind is not None and kind_of_value(value) != kind:
        meaning = f"; {name} is {word.description}" if word else f"; {name} is set to a {kind} elsewhere"
        place.refuse(f"{value!r} is no {kind}{meaning}{_quote_hint(value, kind)}")
    if word is None:
        return
    if word.choices and value not in word.choices:
        hint = suggest_name(str(value), word.choices)
        place.refuse(f"{value!r} is no value of {name}{hint}; use {join_names(word.choices)}")
    if is_number(value):
        _check_range(value, word, place)


def _check_range(value: Scalar, word: Word, place: Place) -> None:
    low, high = word.low, word.high
    if not word.is_in_range(value):
        limits = f"at least {low:g}" if high is None else f"{low:g} to {high:g}"
        place.refuse(f"{value!r} is no value of {word.name}: it is {limits}; correct the number")


def _quote_hint(value: Scalar, kind: Kind) -> str:
    return "; put the value in quotes" if kind == "text" and not isinstance(value, str) else ""
