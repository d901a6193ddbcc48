"""Check rules against each other and against the vocabulary: what one file alone cannot show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ..core.types import Scalar
from .conditions import Condition, is_number
from .effects import Constant, Effect, Lookup
from .firing import PLACEHOLDER
from .parsing import Place
from .policy import Policy
from .rule import Rule
from .suggesting import join_names, suggest_name
from .vocabulary import INPUTS, OUTPUTS, WORDS, Word

Setters = Mapping[str, Sequence[Rule]]


def validate_policy(policy: Policy, places: Mapping[str, Place]) -> None:
    """Raise ``PolicyError`` for the first rule that cannot mean what it says; ``places`` is by rule id."""
    setters = _list_setters(policy)
    read = policy.reads | {name for rule in policy.rules for name in PLACEHOLDER.findall(rule.because)}
    for rule in policy.rules:
        place = places[rule.id]
        _check_effects(rule, read, place.at("then"))
        _check_names(rule, setters, place)
        _check_operands(rule, place)
        _check_order(rule, policy.stages, setters, place)
        _check_absences(rule, setters, place)
        _check_cases(rule, setters, place.at("cases"))


def _list_setters(policy: Policy) -> Setters:
    """Return for every derived fact the rules that set it, in order."""
    setters: dict[str, list[Rule]] = {}
    for rule in policy.rules:
        for name in rule.sets:
            setters.setdefault(name, []).append(rule)
    return setters


def _check_effects(rule: Rule, read: Iterable[str], place: Place) -> None:
    for effect in rule.then:
        name = effect.fact
        if name in INPUTS:
            place.at(name).refuse("is an input and cannot be set; derive a fact of another name")
        if name not in OUTPUTS and name not in read:
            hint = suggest_name(name, OUTPUTS)
            place.at(name).refuse(f"nothing reads this fact{hint}; correct the name or remove it")
        for value in _possible_values(effect):
            _check_value(name, value, place.at(name))


def _possible_values(effect: Effect) -> Iterable[Scalar]:
    if isinstance(effect, Constant):
        return (effect.value,)
    return effect.rows.values() if isinstance(effect, Lookup) else ()


def _check_names(rule: Rule, derived: Iterable[str], place: Place) -> None:
    known = {*INPUTS, *derived}
    for name in sorted(rule.reads - known):
        hint = suggest_name(name, known)
        place.refuse(f"there is no fact {name!r}{hint}; see the vocabulary, or derive it in a rule")
    for name in PLACEHOLDER.findall(rule.because):
        if name not in known:
            place.at("because").refuse(f"there is no fact {name!r}{suggest_name(name, known)}; correct the placeholder")


def _check_operands(rule: Rule, place: Place) -> None:
    for condition in rule.conditions:
        _check_operand(condition, place.at("when"))
    for condition in rule.vetoing_tests:
        _check_operand(condition, place.at("unless"))


def _check_order(rule: Rule, stages: Sequence[str], setters: Setters, place: Place) -> None:
    for name in sorted(rule.reads - INPUTS.keys()):
        if stages.index(setters[name][0].stage) > stages.index(rule.stage):
            place.refuse(f"{name!r} is only set in later stages and can never be seen here; move the rule")


def _check_absences(rule: Rule, setters: Setters, place: Place) -> None:
    """Raise where a test that a new fact could turn from true to false names a fact of the rule's own stage."""
    tests = [*rule.vetoing_tests, *(test for test in rule.when if test.tests_absence)]
    for name in sorted({test.fact for test in tests}):
        rivals = [other.id for other in setters.get(name, ()) if other.stage == rule.stage and other is not rule]
        if rivals:
            place.refuse(
                f"{name!r} is set in this rule's own stage by {rivals[0]}: 'unless' and 'missing: true' may name only "
                "inputs and facts of earlier stages; move one of the two rules"
            )


def _check_operand(condition: Condition, place: Place) -> None:
    if condition.operator == "missing":
        return
    values = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    for value in values:
        _check_value(condition.fact, value, place.at(condition.fact))


def _check_cases(rule: Rule, derived: Iterable[str], place: Place) -> None:
    known = {*INPUTS, *derived}
    for case in rule.cases:
        for name, value in [*case.facts.items(), *case.expect.items()]:
            if name not in known:
                place.at(case.name).refuse(f"there is no fact {name!r}{suggest_name(name, known)}; correct the name")
            _check_value(name, value, place.at(case.name).at(name))


def _check_value(name: str, value: Scalar, place: Place) -> None:
    """Raise when the vocabulary knows the fact and ``value`` can never be its value."""
    word = WORDS.get(name)
    if word is None:
        return
    if not _fits(value, word):
        place.refuse(f"{value!r} is no {word.kind}; {name} is {word.description}{_quote_hint(value, word)}")
    if word.choices and value not in word.choices:
        hint = suggest_name(str(value), word.choices)
        place.refuse(f"{value!r} is no value of {name}{hint}; use {join_names(word.choices)}")


def _fits(value: Scalar, word: Word) -> bool:
    if word.kind == "flag":
        return isinstance(value, bool)
    return isinstance(value, str) if word.kind == "text" else is_number(value)


def _quote_hint(value: Scalar, word: Word) -> str:
    return "; put the value in quotes" if word.kind == "text" and not isinstance(value, str) else ""
