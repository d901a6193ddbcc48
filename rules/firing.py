"""Let one rule fire: shared by both engines, so that they can differ only in which rule fires when."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..core.frozen import FrozenDict
from ..core.types import Facts, Firing, Scalar
from .rule import Rule

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")


class Trigger:
    """Hold one rule ready to fire."""

    __slots__ = ("_because", "_effects", "_reads", "rule")

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self._effects = tuple((effect.fact, effect.compute) for effect in rule.then)
        self._reads = tuple(sorted(rule.reads))
        self._because = tuple(_split(rule.because))

    def fire(self, facts: dict[str, Scalar]) -> Firing:
        """Set in ``facts`` what the rule says and is not set yet, and return the record of it."""
        used = {name: facts[name] for name in self._reads if name in facts}
        sets: dict[str, Scalar] = {}
        overridden: dict[str, Scalar] = {}
        for name, compute in self._effects:
            (overridden if name in facts else sets)[name] = compute(facts)
        facts.update(sets)
        return Firing(
            self.rule.id, FrozenDict(sets), FrozenDict(overridden), self._render_because(facts), FrozenDict(used)
        )

    def _render_because(self, facts: Facts) -> str:
        """Fill each ``{fact}`` with its value, ``?`` when it is absent; nothing else in the text is special."""
        return "".join(text if name is None else _in_words(facts.get(name, "?")) for text, name in self._because)


def _split(template: str) -> Iterator[tuple[str, str | None]]:
    """Yield the literal parts of a template, and the facts between them."""
    for index, part in enumerate(PLACEHOLDER.split(template)):
        if index % 2 or part:
            yield (part, None) if index % 2 == 0 else ("", part)


def _in_words(value: Scalar) -> str:
    return ("no", "yes")[value] if isinstance(value, bool) else str(value)
