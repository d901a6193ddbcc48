"""Which other values of an input could matter: those at the bounds of what the rules ask of it."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

from ..core.types import Facts, Scalar
from .conditions import ORDERED, Condition, FactRef, is_number, is_same
from .effects import Copy, Lookup
from .normalising import DIGITS, normalise_scalar
from .policy import Policy
from .vocabulary import INPUTS, Word

FIXED = frozenset({"vocabulary", "evidence_confirms"})
"""Inputs that are no circumstance of their own: one tells of the program, one follows from two others."""


def list_candidates(policy: Policy, facts: Facts) -> Iterator[tuple[str, Scalar | None]]:
    """Yield input and another value, None for its absence, of all that the policy reads.

    ``facts`` are those after the rules: what the rules derived may be what an input is compared with. A fact that
    comes beside another is neither added nor taken away alone.
    """
    tests = _collect_tests(policy, facts)
    for name in sorted((policy.reads & INPUTS.keys()) - FIXED):
        word = INPUTS[name]
        values = _list_values(word, tests[name]) if _may_be_set(word, facts) else []
        yield from ((name, value) for value in values if name not in facts or not is_same(value, facts[name]))
        if name in facts and not word.beside:
            yield name, None


def list_companions(name: str) -> tuple[str, ...]:
    """Return the inputs that are there only together with another."""
    return tuple(word.name for word in INPUTS.values() if word.beside == name != word.name)


def _may_be_set(word: Word, facts: Facts) -> bool:
    # What comes with it would have to come too, and nobody knows with which values.
    return word.name in facts or not (word.beside or list_companions(word.name))


def _collect_tests(policy: Policy, facts: Facts) -> Mapping[str, AbstractSet[tuple[str, Scalar]]]:
    """Return of every fact what it is compared with: itself, and whatever it is copied to."""
    found: defaultdict[str, set[tuple[str, Scalar]]] = defaultdict(set)
    copies: defaultdict[str, set[str]] = defaultdict(set)
    for rule in policy.rules:
        for condition in rule.conditions + rule.vetoing_tests:
            for name, operator, operand in _compare(condition, facts):
                found[name].add((operator, operand))
        for effect in rule.then:
            if isinstance(effect, Copy):
                copies[effect.source].add(effect.fact)
            elif isinstance(effect, Lookup):
                found[effect.by].update(("is", row) for row in effect.rows)
    return {name: set().union(*(found[other] for other in _follow(name, copies))) for name in INPUTS}


def _compare(condition: Condition, facts: Facts) -> Iterator[tuple[str, str, Scalar]]:
    """Yield fact, operator and operand; where two facts are compared, from both sides."""
    name, operator, value = condition.fact, condition.operator, condition.value
    if operator == "missing":
        return
    if not isinstance(value, FactRef):
        yield from ((name, operator, one) for one in (value if isinstance(value, tuple) else (value,)))
        return
    for one, other in ((name, value.fact), (value.fact, name)):
        if other in facts:
            yield one, operator, facts[other]


def _follow(name: str, copies: Mapping[str, set[str]]) -> set[str]:
    """Return the fact and all that its value may be copied to."""
    reached, waiting = {name}, [name]
    while waiting:
        fresh = copies.get(waiting.pop(), set()) - reached
        reached |= fresh
        waiting += fresh
    return reached


def _list_values(word: Word, tests: AbstractSet[tuple[str, Scalar]]) -> list[Scalar]:
    """Return the values that tell the tests apart, in order, as far as the fact can have them."""
    if word.kind == "flag":
        return [False, True]
    values = {*word.choices, *(value for test in tests for value in _bound(word, *test))}
    return sorted(filter(word.allows, values))


def _bound(word: Word, operator: str, operand: Scalar) -> Iterator[Scalar]:
    if operator not in ORDERED or not is_number(operand):
        yield operand
        return
    bound = float(operand)
    step = 0.01 if word.high == 1 else 1
    around = (bound - step, bound, bound + step)
    numbers = {math.floor(bound), math.ceil(bound), *map(round, around)} if word.whole else around
    yield from (value for number in numbers if (value := normalise_scalar(round(number, DIGITS))) is not None)
