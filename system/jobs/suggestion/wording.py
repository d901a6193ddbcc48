"""Conditions and answers in words: for names, titles and reasons."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Final

from ....core.escaping import escape_terminal
from ....core.types import Scalar
from ....rules.conditions import Condition

_COMPARISONS = {"lt": "below", "gte": "of at least"}
_SHOWN: Final = 40
"""Characters of a value in a title."""
_NAME_LENGTH: Final = 80
_FOREIGN = re.compile(r"[^a-z0-9]+")


def describe_conditions(when: Iterable[Condition]) -> str:
    """Return the conditions as one line, values included and cut short."""
    return " and ".join(_describe(condition, show_value(condition.value)) for condition in when)


def template_conditions(when: Iterable[Condition]) -> str:
    """Return the conditions as part of a ``because``: values stand as ``{fact}``, for one may hold braces itself."""
    return " and ".join(_describe(condition, f"{{{condition.fact}}}") for condition in when)


def describe_answer(value: Scalar) -> str:
    """Return what a rule says, in a few words."""
    if isinstance(value, bool):
        return "a re-run helps" if value else "a re-run does not help"
    return show_value(value)


def show_value(value: Scalar) -> str:
    """Return a value on one line, without what a terminal acts on, cut short."""
    line = " ".join(escape_terminal(str(value)).split())
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 3]}..."


def name_rule(when: Sequence[Condition], value: Scalar, stage: str, taken: Collection[str]) -> str:
    """Return an id ``stage/name`` made of the conditions and the answer that is not among ``taken``."""
    answer = ("not_retryable", "retryable")[value] if isinstance(value, bool) else _slug(value)
    words = "_".join(_slug(f"{one.fact} {one.operator if one.operator != 'is' else ''} {one.value}") for one in when)
    name = f"{words[:_NAME_LENGTH].rstrip('_')}_is_{answer[:_NAME_LENGTH]}".rstrip("_")
    names = (f"{stage}/{name}{number}" for number in ["", *(f"_{again}" for again in range(2, len(taken) + 3))])
    return next(name for name in names if name not in taken)


def _describe(condition: Condition, value: str) -> str:
    fact = condition.fact.replace("_", " ")
    if condition.operator == "is":
        return f"{fact} {value}"
    return f"{fact} {_COMPARISONS[condition.operator]} {condition.value}"


def _slug(value: Scalar) -> str:
    return _FOREIGN.sub("_", str(value).lower()).strip("_")
