"""Which kind of value every fact has: from the vocabulary, or from the rules that set it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .effects import Copy, Effect
from .rule import Rule
from .vocabulary import WORDS, Kind, kind_of_value

Setters = Mapping[str, Sequence[Rule]]
"""Derived fact -> the rules that set it, in order."""


def list_setters(rules: Sequence[Rule]) -> Setters:
    """Return for every derived fact the rules that set it, in order."""
    setters: dict[str, list[Rule]] = {}
    for rule in rules:
        for name in rule.sets:
            setters.setdefault(name, []).append(rule)
    return setters


def infer_kinds(setters: Setters) -> dict[str, Kind]:
    """Return the kind of every fact; a derived one that the vocabulary does not know has that of its first value."""
    kinds: dict[str, Kind] = {word.name: word.kind for word in WORDS.values()}
    for name in setters:
        _infer(name, setters, kinds, set())
    return kinds


def _infer(name: str, setters: Setters, kinds: dict[str, Kind], above: set[str]) -> Kind | None:
    if name in kinds or name in above:
        return kinds.get(name)
    for rule in setters.get(name, ()):
        for effect in rule.then:
            kind = kind_of_effect(effect, kinds) if effect.fact == name else None
            if kind is None and isinstance(effect, Copy) and effect.fact == name:
                kind = _infer(effect.source, setters, kinds, above | {name})
            if kind is not None:
                return kinds.setdefault(name, kind)
    return None


def kind_of_effect(effect: Effect, kinds: Mapping[str, Kind]) -> Kind | None:
    """Return the kind of what an effect sets; None where it cannot be told."""
    if isinstance(effect, Copy):
        return kinds.get(effect.source)
    return next((kind_of_value(value) for value in effect.values), None)
