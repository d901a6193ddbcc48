"""Let one rule fire: shared by both engines, so that they can differ only in which rule fires when."""

from __future__ import annotations

import re

from ..core.frozen import FrozenDict
from ..core.types import Facts, Firing, Scalar
from .rule import Rule

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")


def fire_rule(rule: Rule, facts: dict[str, Scalar]) -> Firing:
    """Set in ``facts`` what ``rule`` says and is not set yet, and return the record of it."""
    computed = {effect.fact: effect.compute(facts) for effect in rule.then}
    sets = {name: value for name, value in computed.items() if name not in facts}
    overridden = {name: value for name, value in computed.items() if name not in sets}
    facts.update(sets)
    return Firing(rule.id, FrozenDict(sets), FrozenDict(overridden), render_because(rule.because, facts))


def render_because(template: str, facts: Facts) -> str:
    """Fill each ``{fact}`` with its value, ``?`` when it is absent; nothing else in the text is special."""
    return PLACEHOLDER.sub(lambda match: _in_words(facts.get(match[1], "?")), template)


def _in_words(value: Scalar) -> str:
    return ("no", "yes")[value] if isinstance(value, bool) else str(value)
