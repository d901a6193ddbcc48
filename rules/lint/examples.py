"""Make facts that show something as few and as plain as they can be."""

from __future__ import annotations

from collections.abc import Callable

from ...core.frozen import FrozenDict
from ...core.types import Facts, Scalar
from ..vocabulary import INPUTS, Word
from .domains import OWN_WORD

Shows = Callable[[Facts], bool]
"""Says whether facts show it."""


def simplify_facts(facts: Facts, shows: Shows) -> Facts:
    """Return few of the facts that show it as well, and that become possible facts with the plainest values added.

    ``facts`` themselves are possible, and show it.
    """
    return FrozenDict(_leave_out(_make_plain(facts, shows), shows))


def _make_plain(facts: Facts, shows: Shows) -> Facts:
    """Drop facts that need not be there, and give those that are always there their plainest value."""
    for name in sorted(facts):
        simpler = _simplify(facts, name)
        if simpler != facts and shows(simpler):
            facts = simpler
    return facts


def _simplify(facts: Facts, name: str) -> Facts:
    word = INPUTS.get(name, OWN_WORD)
    if word.beside == word.name:
        return {**facts, name: _find_plainest(word)}
    if word.beside:
        return facts  # it goes only with the fact that it comes with
    return {other: value for other, value in facts.items() if name not in (other, INPUTS.get(other, OWN_WORD).beside)}


def _leave_out(facts: Facts, shows: Shows) -> Facts:
    """Leave out what goes without saying: plainest values, and what comes with another fact whatever its value is."""
    for name in sorted(facts):
        word = INPUTS.get(name, OWN_WORD)
        rest = {other: value for other, value in facts.items() if other != name}
        implied = facts[name] == _find_plainest(word) if word.beside == word.name else bool(word.beside)
        if implied and shows(rest):
            facts = rest
    return facts


def _find_plainest(word: Word) -> Scalar:
    """Return the value that a fact has when nothing is to be told."""
    return False if word.kind == "flag" else word.low or 0
