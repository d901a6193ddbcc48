"""Which values of each fact have to be tried: few, and enough to stand for all."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from ...core.types import Scalar
from ..conditions import Condition, FactRef, is_number
from ..effects import Copy, Lookup
from ..normalising import DIGITS, NUMBER_LIMIT
from ..policy import Policy
from ..rule import Rule
from ..vocabulary import INPUTS, Word

Values = tuple[Scalar | None, ...]
"""None, which stands for a missing fact, and then values, the plainest first."""
_Tagged = dict[tuple[bool, Scalar], Scalar]
"""A set of scalars in which 1 and True are two."""

_UNIT = 10**DIGITS
OWN_WORD = Word("", "text", "a fact that the vocabulary does not know")


def list_inputs(policy: Policy) -> tuple[str, ...]:
    """Return the facts that rules read and none sets, and those that these always come with."""
    read = policy.reads - policy.sets
    return tuple(sorted(read | {INPUTS[name].beside for name in read if name in INPUTS and INPUTS[name].beside}))


def list_values(policy: Policy) -> dict[str, Values]:
    """Return for every fact of the policy the values that stand for all that it can have.

    Every condition has the same answer for all values between two neighbours of an input's list. Of a derived fact the
    list holds what its rules can set it to.
    """
    inputs = list_inputs(policy)
    values: dict[str, Values] = {}
    for group in _group_facts(policy):
        constants = _collect_constants(policy.rules, group)
        members = [name for name in inputs if name in group]
        spare = len(members) if _are_compared(policy.rules, group, frozenset(inputs)) else 1
        for name in members:
            values[name] = (None, *_represent(INPUTS.get(name), constants.values(), spare))
    return values | _derive_values(policy, values)


def find_absence(name: str) -> bool:
    """Say whether an input may be missing."""
    return name not in INPUTS or INPUTS[name].beside != name


def _group_facts(policy: Policy) -> list[frozenset[str]]:
    """Return the facts in groups: those that are compared with each other or copied share what is asked of them."""
    names = {*list_inputs(policy), *policy.reads, *policy.sets}
    groups = {name: {name} for name in sorted(names)}
    for left, right in _list_links(policy.rules):
        merged = groups[left] | groups[right]
        for name in merged:
            groups[name] = merged
    return list(dict.fromkeys(frozenset(group) for group in groups.values()))


def _list_links(rules: Iterable[Rule]) -> Iterator[tuple[str, str]]:
    for rule in rules:
        yield from ((test.reads[0], test.reads[-1]) for test in _list_tests(rule))
        yield from ((effect.fact, effect.source) for effect in rule.then if isinstance(effect, Copy))


def _list_tests(rule: Rule) -> tuple[Condition, ...]:
    return rule.when + rule.vetoing_tests


def _collect_constants(rules: Iterable[Rule], group: Collection[str]) -> _Tagged:
    """Return every constant that a fact of the group may be compared with."""
    found: _Tagged = {}
    for rule in rules:
        for test in _list_tests(rule):
            if test.fact in group and test.operator != "missing" and not isinstance(test.value, FactRef):
                _add(found, test.value if isinstance(test.value, tuple) else (test.value,))
        for effect in rule.then:
            if isinstance(effect, Lookup) and effect.by in group:
                _add(found, sorted(effect.rows))
            if effect.fact in group:
                _add(found, effect.values)
    return found


def _add(found: _Tagged, values: Iterable[Scalar]) -> None:
    for value in values:
        found.setdefault((isinstance(value, bool), value), value)


def _are_compared(rules: Collection[Rule], group: Collection[str], inputs: Collection[str]) -> bool:
    """Say whether two facts of the group that both may hold an input's value are compared."""
    carriers = _list_carriers(rules, inputs)
    references = [test.reads for rule in rules for test in _list_tests(rule) if isinstance(test.value, FactRef)]
    return any(set(pair) <= carriers and pair[0] in group for pair in references)


def _list_carriers(rules: Iterable[Rule], inputs: Collection[str]) -> set[str]:
    """Return the inputs, and the facts that may be copies of one."""
    copies = [(effect.fact, effect.source) for rule in rules for effect in rule.then if isinstance(effect, Copy)]
    carriers = set(inputs)
    while more := {fact for fact, source in copies if source in carriers} - carriers:
        carriers |= more
    return carriers


def _represent(word: Word | None, constants: Collection[Scalar], spare: int) -> Iterator[Scalar]:
    kinds = ("flag", "number", "text") if word is None else (word.kind,)
    if "flag" in kinds:
        yield from (False, True)
    if "number" in kinds:
        yield from _represent_numbers(word or OWN_WORD, [value for value in constants if is_number(value)], spare)
    if "text" in kinds:
        yield from _represent_texts(word or OWN_WORD, {value for value in constants if isinstance(value, str)}, spare)


def _represent_texts(word: Word, constants: Collection[str], spare: int) -> Iterator[str]:
    if word.choices:
        yield from word.choices
        return
    yield from sorted(constants)
    others = (f"other{number or ''}" for number in range(len(constants) + spare))
    yield from [name for name in others if name not in constants][:spare]


def _represent_numbers(word: Word, constants: Collection[Scalar], spare: int) -> list[Scalar]:
    """Return the constants, and between and beyond them ``spare`` points each, where there are as many."""
    known = [round(float(value) * _UNIT) for value in constants]
    lowest = -NUMBER_LIMIT if word.low is None else round(word.low)
    highest = NUMBER_LIMIT if word.high is None else min(NUMBER_LIMIT, round(word.high))
    if word.low is None:  # a few whole numbers below the constants stand for all that are lower
        lowest = max(lowest, min(known, default=0) // _UNIT - spare)
    marks = sorted({lowest * _UNIT, *(mark for mark in known if lowest * _UNIT <= mark <= highest * _UNIT)})
    points: list[int] = []
    for left, right in zip(marks, [*marks[1:], highest * _UNIT + 1], strict=True):
        points += [left, *_pick_between(left, right, 0 if word.whole else DIGITS, spare)]
    return [point // _UNIT if point % _UNIT == 0 else point / _UNIT for point in points]


def _pick_between(left: int, right: int, digits: int, count: int) -> range:
    """Return up to ``count`` points between two, in units of the last digit, with as few digits as will do."""
    points = range(0)
    for used in range(digits + 1):
        step = 10 ** (DIGITS - used)
        points = range(left // step * step + step, right, step)[:count]
        if len(points) == count:
            break
    return points


def _derive_values(policy: Policy, inputs: Mapping[str, Values]) -> dict[str, Values]:
    """Return for every derived fact what its rules can set it to."""
    derived: dict[str, _Tagged] = {name: {} for rule in policy.rules for name in rule.sets}
    before = -1
    while before != (before := sum(map(len, derived.values()))):
        for rule in policy.rules:
            for effect in rule.then:
                _add(derived[effect.fact], effect.values)
                if isinstance(effect, Copy):
                    source = derived[effect.source].values() if effect.source in derived else inputs[effect.source]
                    _add(derived[effect.fact], [value for value in source if value is not None])
    return {name: (None, *found.values()) for name, found in derived.items()}
