"""JSON Schemas of the files of a rule set, made of the vocabulary: for editors, which cannot ask the loader."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from .conditions import COMPARING, OPERATORS
from .describing import describe_range
from .normalising import NUMBER_LIMIT, TEXT_LIMIT
from .reading import NAME
from .vocabulary import INPUTS, OUTPUTS, STEPS, WORDS, Kind, Word

Schema = dict[str, Any]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_NAME: Schema = {"type": "string", "pattern": f"^{NAME.pattern}$"}
_TEXT: Schema = {"type": "string", "pattern": r"\S"}
_NUMBER: Schema = {"type": "number", "minimum": -NUMBER_LIMIT, "maximum": NUMBER_LIMIT}
_VALUES: Mapping[Kind, Schema] = {
    "text": {"type": "string", "maxLength": TEXT_LIMIT},
    "number": _NUMBER,
    "flag": {"type": "boolean"},
}
_SCALAR: Schema = {"anyOf": list(_VALUES.values())}
_ORDERED = frozenset({"gte", "gt", "lte", "lt"})
_OPERATOR_TEXTS = {
    "is": "Equal to it.",
    "not": "There, and not equal to it.",
    "in": "One of these.",
    "not_in": "There, and none of these.",
    "gte": "At least.",
    "gt": "More than.",
    "lte": "At most.",
    "lt": "Less than.",
    "missing": "true: the fact must be absent; false: it must be there.",
}
_REFERENCE: Schema = _object({"fact": {**_NAME, "description": "The fact to compare with."}}, ["fact"])
