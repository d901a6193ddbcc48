"""JSON Schemas of the files of a rule set, made of the vocabulary: for editors, which cannot ask the loader."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from .conditions import OPERATORS, ORDERED
from .describing import describe_range
from .normalising import NUMBER_LIMIT, TEXT_LIMIT
from .reading import NAME
from .vocabulary import INPUTS, OUTPUTS, STEPS, WORDS, Kind, Word

Schema = dict[str, Any]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_VALUES: Mapping[Kind, Schema] = {
    "text": {"type": "string", "maxLength": TEXT_LIMIT},
    "number": {"type": "number", "minimum": -NUMBER_LIMIT, "maximum": NUMBER_LIMIT},
    "flag": {"type": "boolean"},
}
_LISTED = frozenset({"in", "not_in"})
_OPERATOR_TEXTS = {
    "is": "Equal to this.",
    "not": "There, and not equal to this.",
    "in": "One of these.",
    "not_in": "There, and none of these.",
    "gte": "This or more.",
    "gt": "More than this.",
    "lte": "This or less.",
    "lt": "Less than this.",
    "missing": "true: the fact must be absent; false: it must be there.",
}


def build_schema(kind: str) -> Schema:
    """Return the JSON Schema (2020-12) of one kind of file: ``rule``, ``policy`` or ``scenario``.

    Facts that the vocabulary does not know are allowed wherever rules may derive their own.
    """
    title = f"errclass: a {'rule set' if kind == 'policy' else kind} file"
    return {"$schema": _DIALECT, "title": title, **KINDS[kind](), "$defs": _define()}


def _define() -> Schema:
    """Return what the schemas refer to."""
    return {
        "name": {"type": "string", "pattern": f"^{NAME.pattern}$"},
        "sentence": {"type": "string", "pattern": r"\S"},
        "priority": _describe("In its stage the lowest number fires first.", {"type": "integer", "default": 50}),
        "scalar": {"anyOf": list(_VALUES.values())},
        "reference": _describe("Another fact, to compare with.", _object({"fact": _refer("name")}, ["fact"])),
        "values": _name_facts(_value_of, _refer("scalar")),
        "conditions": _name_facts(_test_of, _test(_refer("scalar"), OPERATORS)),
        "effects": {**_name_facts(_effect_of, _effect(_refer("scalar")), {**STEPS, **OUTPUTS}), "minProperties": 1}
        | {"propertyNames": {**_refer("name"), "not": {"enum": sorted(INPUTS)}}},
        "case": _object({"name": _refer("sentence"), "facts": _refer("values")}, ["name", "facts"]),
        "expecting_case": _object(
            {"name": _refer("sentence"), "facts": _refer("values"), "expect": _refer("values")}, ["name", "facts"]
        ),
    }


def _describe_rule_file() -> Schema:
    veto = {**_refer("conditions"), "minProperties": 1}
    cases = {"fires": _list_of(_refer("expecting_case")), "silent": _list_of(_refer("case"))}
    keys = {
        "title": _describe("What the rule says, in one sentence.", _refer("sentence")),
        "priority": _refer("priority"),
        "when": _describe("All of these must hold.", _refer("conditions")),
        "unless": _describe("Any of these keeps the rule silent.", {"anyOf": [veto, _list_of(veto)]}),
        "then": _describe("Facts to set, where no rule before did.", _refer("effects")),
        "because": _describe("The reason, for people; {fact} is replaced by its value.", _refer("sentence")),
        "cases": _describe("What the rule does alone.", _object(cases, [])),
    }
    return _object(keys, ["title", "when", "then", "because"])


def _describe_policy_file() -> Schema:
    adjustment = _object({"enabled": {"type": "boolean"}, "priority": _refer("priority")}, [])
    rows = {"type": "object", "additionalProperties": _refer("scalar")}
    keys = {
        "name": _describe("What the set is called.", {"type": ["string", "number"]}),
        "description": _describe("What it is for.", {"type": "string"}),
        "extends": _describe("default, none, or the path of a folder.", {"type": "string", "default": "default"}),
        "stages": _describe("In the order in which they run.", {**_list_of(_refer("name"), 1), "uniqueItems": True}),
        "background": _describe("Stages whose reasons no decision names.", _list_of(_refer("name"))),
        "tables": _describe("Rows by name, for lookups.", {**_names_to(rows)}),
        "rules": _describe(
            "Rules of the set below, switched off or given another priority.",
            {"type": "object", "additionalProperties": adjustment},
        ),
    }
    alone = {"required": ["name", "description", "stages"]}
    base = {"if": {"properties": {"extends": {"const": "none"}}, "required": ["extends"]}, "then": alone}
    return {**_object(keys, []), **base}


def _describe_scenario_file() -> Schema:
    case = {**_refer("expecting_case"), "required": ["expect"]}
    keys = {
        "title": _describe("What these are about.", _refer("sentence")),
        "cases": _describe("What all rules together make of some facts.", _list_of(case)),
    }
    return _object(keys, ["title", "cases"])


KINDS: Mapping[str, Callable[[], Schema]] = {
    "rule": _describe_rule_file,
    "policy": _describe_policy_file,
    "scenario": _describe_scenario_file,
}


def _name_facts(describe: Callable[[Word], Schema], other: Schema, words: Mapping[str, Word] = WORDS) -> Schema:
    """Return the schema of a mapping of facts: known ones as described, further names as ``other``."""
    known = {name: _describe(_tell(word), describe(word)) for name, word in words.items()}
    return {**_names_to(other), "properties": known}


def _tell(word: Word) -> str:
    unit = f" ({word.unit})" if word.unit else ""
    return f"{word.description}{unit}: {describe_range(word)}"


def _value_of(word: Word) -> Schema:
    value: Schema = {**_VALUES[word.kind]}
    if word.choices:
        value["enum"] = list(word.choices)
    if word.whole:
        value["type"] = "integer"
    limits = {"minimum": word.low, "maximum": word.high}
    return value | {key: limit for key, limit in limits.items() if limit is not None}


def _test_of(word: Word) -> Schema:
    operators = OPERATORS if word.kind == "number" else [one for one in OPERATORS if one not in ORDERED]
    return _test(_value_of(word), operators)


def _test(value: Schema, operators: Sequence[str]) -> Schema:
    tests = {name: _describe(_OPERATOR_TEXTS[name], _operand(name, value)) for name in operators}
    return {"anyOf": [value, {**_object(tests, []), "minProperties": 1}]}


def _operand(operator: str, value: Schema) -> Schema:
    if operator == "missing":
        return {"type": "boolean"}
    if operator in _LISTED:
        return _list_of(value, 1)
    # A bound may lie where no value does: more than 0.5 of a whole number.
    bound = {"type": "number"} if operator in ORDERED else value
    return {"anyOf": [bound, _refer("reference")]}


def _effect_of(word: Word) -> Schema:
    return _effect(_value_of(word))


def _effect(value: Schema) -> Schema:
    copied = _describe("The value of this fact.", _refer("name"))
    row = _describe("The row of a table that a fact names.", _refer("sentence"))
    fallback = {"anyOf": [value, _object({"row": {"type": "string"}}, ["row"])]}
    lookup = {"lookup": row, "by": _refer("name"), "otherwise": _describe("Where there is no such row.", fallback)}
    return {"anyOf": [value, _object({"from": copied}, ["from"]), _object(lookup, ["lookup", "by"])]}


def _names_to(schema: Schema) -> Schema:
    return {"type": "object", "propertyNames": _refer("name"), "additionalProperties": schema}


def _object(keys: Schema, required: Iterable[str]) -> Schema:
    return {"type": "object", "properties": keys, "required": list(required), "additionalProperties": False}


def _list_of(schema: Schema, least: int = 0) -> Schema:
    return {"type": "array", "items": schema, "minItems": least}


def _describe(text: str, schema: Schema) -> Schema:
    return {"description": text, **schema}


def _refer(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}
