"""The way from the facts to the decision, rule by rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..core.frozen import FrozenDict
from ..core.types import Firing, Scalar
from .engine import Derivation


@dataclass(frozen=True, slots=True)
class Link:
    """Hold one rule that fired, and who was before it."""

    firing: Firing
    overridden_by: Mapping[str, str]
    """Fact that it would have set -> the rule that had set it; empty where it was given."""


def link_firings(trace: Iterable[Firing]) -> tuple[Link, ...]:
    """Return the rules that fired, in order, each with those that had set before it what it would have set."""
    setters: dict[str, str] = {}
    links: list[Link] = []
    for firing in trace:
        links.append(Link(firing, FrozenDict({name: setters.get(name, "") for name in firing.overridden})))
        setters.update(dict.fromkeys(firing.sets, firing.rule))
    return tuple(links)


def pick_inputs(derivation: Derivation) -> dict[str, Scalar]:
    """Return the facts that went in: those that no rule set."""
    derived = {name for firing in derivation.trace for name in firing.sets}
    return {name: value for name, value in derivation.facts.items() if name not in derived}
