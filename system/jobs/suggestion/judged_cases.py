"""The cases that suggestions are found on, and those that they are confirmed on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ....core.frozen import FrozenDict
from ....core.types import Facts, Scalar
from ....outcomes import LabelledDecision
from ....rules.normalising import normalise_facts
from ....rules.vocabulary import INPUTS


@dataclass(frozen=True, slots=True)
class JudgedCase:
    """Hold the facts of one cause in one place, with the right answers."""

    cause: str
    time: datetime
    """Of the cause's first case."""
    facts: Facts
    """Inputs only, as the engines see them."""
    truths: Mapping[str, Scalar]
    """Right answers by derived fact: ``type``, ``retryable``; absent where nobody knows."""


def read_cases(rows: Iterable[LabelledDecision], types: Collection[str]) -> list[JudgedCase]:
    """Return a case for each row whose facts can be read and of which some answer is known, in their order.

    Types outside of ``types`` are no answers: no rule could say them.
    """
    cases = (
        JudgedCase(row.cause, row.time, FrozenDict(_read_facts(row.facts)), FrozenDict(_list_truths(row, types)))
        for row in rows
        if row.facts is not None
    )
    return [case for case in cases if case.facts and case.truths]


def halve_cases(cases: Sequence[JudgedCase]) -> tuple[list[JudgedCase], list[JudgedCase]]:
    """Return the older and the newer half of the causes with all their cases; no cause is in both."""
    first = {case.cause: case.time for case in reversed(cases)}
    ordered = sorted(first, key=lambda cause: (first[cause], cause))
    old = set(ordered[: len(ordered) // 2])
    return [case for case in cases if case.cause in old], [case for case in cases if case.cause not in old]


def count_causes(cases: Iterable[JudgedCase]) -> int:
    """Return the number of distinct causes."""
    return len({case.cause for case in cases})


def _list_truths(row: LabelledDecision, types: Collection[str]) -> dict[str, Scalar]:
    truths: dict[str, Scalar] = {}
    if row.type in types and row.type is not None:
        truths["type"] = row.type
    if row.retryable is not None:
        truths["retryable"] = row.retryable
    return truths


def _read_facts(facts: Mapping[str, Any]) -> dict[str, Scalar]:
    """Leave out what is no input, or no value that the input can have: a damaged store must not end up in a rule."""
    carried = normalise_facts({name: value for name, value in facts.items() if name in INPUTS})
    return {name: value for name, value in carried.items() if INPUTS[name].allows(value)}
