"""What a condition may look at: facts that come again, and never such as name one case."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from ....core.types import Scalar
from ....rules.conditions import Condition
from .judged_cases import JudgedCase

_PLACES = ("operation", "component", "job", "phase", "repository", "environment", "source")
FACTS: Final = (
    "evidence_code", "code_tool", "code_exit", "code_errno", "code_http", "code_sqlstate", "code_grpc", "code_signal",
    "code_exception", "code_kubernetes", "exit_code", "exception_type", "tool", "predicted_type", *_PLACES,
    "evidence_type", "evidence_table", "runner_up", "gap", "abstained", "confidence", "rerun_odds",
)  # fmt: skip
"""Facts that conditions are made of. Of two that tell the same the first is taken: what a tool says stays true in
another job."""
_FREE = (*_PLACES, "exception_type")
"""Whatever the user names; all others come out of tables or models."""
_BOUNDED = ("confidence", "rerun_odds")
_BOUNDS = (0.5, 0.6, 0.7, 0.8, 0.9)
LONGEST: Final = 80
"""Characters; a longer value is free text."""
MOST_DISTINCT: Final = 0.8
"""Share of the causes with a name beyond which so many distinct names are near-unique, and tell nothing of others."""
_IDENTIFIER = re.compile(r"(?=[0-9a-f-]*[0-9])[0-9a-f-]{8,}|[0-9]{6,}", re.IGNORECASE)


def index_traits(cases: Sequence[JudgedCase]) -> dict[Condition, frozenset[int]]:
    """Return each condition that may tell something, with the numbers of the cases that meet it, in a fixed order."""
    facts = list_repeating(cases)
    hits: dict[Condition, set[int]] = defaultdict(set)
    for number, case in enumerate(cases):
        for trait in _list_traits(case, facts):
            hits[trait].add(number)
    return {trait: frozenset(hits[trait]) for trait in sorted(hits, key=rank_trait)}


def list_repeating(cases: Iterable[JudgedCase]) -> tuple[str, ...]:
    """Return the facts whose values come again from cause to cause."""
    causes: dict[str, set[str]] = defaultdict(set)
    values: dict[str, set[Scalar]] = defaultdict(set)
    for case in cases:
        for name in FACTS:
            if name in case.facts:
                causes[name].add(case.cause)
                values[name].add(case.facts[name])
    return tuple(
        name
        for name in FACTS
        if name in causes and (name not in _FREE or len(values[name]) <= MOST_DISTINCT * len(causes[name]))
    )


def is_tellable(name: str, value: Scalar) -> bool:
    """Say whether a value may stand in a rule: short, and no identifier of one run."""
    if not isinstance(value, str):
        return True
    if not value.strip() or len(value) > LONGEST:
        return False
    return name not in _PLACES or not _IDENTIFIER.search(value)


def rank_trait(trait: Condition) -> tuple[int, str, str]:
    """Return what traits are ordered by: what is preferred comes first."""
    return FACTS.index(trait.fact), trait.operator, repr(trait.value)


def _list_traits(case: JudgedCase, names: Iterable[str]) -> Iterator[Condition]:
    for name in names:
        value = case.facts.get(name)
        if value is None:
            continue
        if name in _BOUNDED:
            yield from (trait for trait in _list_bounds(name) if trait.holds(case.facts))
        elif is_tellable(name, value):
            yield Condition(name, "is", value)


def _list_bounds(name: str) -> Iterator[Condition]:
    for bound in _BOUNDS:
        yield Condition(name, "lt", bound)
        yield Condition(name, "gte", bound)
