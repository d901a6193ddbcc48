"""Turn the plain values of one rule file into a ``Rule``, refusing whatever is not exactly a rule."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from ..core.frozen import FrozenDict
from ..core.suggesting import join_names, show_value, suggest_name
from ..core.types import Scalar
from .conditions import OPERATORS, Condition, FactRef, is_number, is_same
from .effects import Constant, Copy, Effect, Lookup
from .normalising import TEXT_LIMIT, normalise_scalar
from .place import Place
from .policy import Tables
from .reading import NAME
from .rule import Case, Rule

_KEYS = ("title", "priority", "when", "unless", "then", "because", "cases")
_REQUIRED = ("title", "when", "then", "because")
_REQUIRED_OF_SCENARIO = ("name", "facts", "expect")
_COMPARING = frozenset({"is", "not", "gte", "gt", "lte", "lt"})
"""Operators that may take another fact."""
DEFAULT_PRIORITY = 50


def parse_rule(rule_id: str, place: Place, tables: Tables) -> Rule:
    """Return the rule that a file describes; raise ``PolicyError`` naming file, line and key."""
    content = place.document.content
    check_keys(content, _KEYS, _REQUIRED, place)
    fires, silent = _parse_cases(content.get("cases", {}), place.at("cases"))
    return Rule(
        id=rule_id,
        title=_parse_text(content["title"], place.at("title")),
        priority=parse_priority(content.get("priority", DEFAULT_PRIORITY), place.at("priority")),
        when=_parse_conditions(content["when"], place.at("when")),
        unless=_parse_unless(content.get("unless", []), place.at("unless")),
        then=_parse_then(content["then"], tables, place.at("then")),
        because=_parse_text(content["because"], place.at("because")),
        cases=fires + silent,
    )


def parse_tables(content: Any, place: Place) -> dict[str, dict[str, Scalar]]:
    """Return the tables of a policy file: names to rows, rows by text keys."""
    tables = expect_mapping(content, place)
    return {name: _parse_scalars(rows, place.at(name)) for name, rows in tables.items()}


def check_keys(content: Mapping[str, Any], known: Collection[str], required: Collection[str], place: Place) -> None:
    """Raise unless ``content`` has all ``required`` keys and none but ``known`` ones."""
    for key in content:
        if key not in known:
            hint = suggest_name(str(key), known)
            place.at(key).refuse(f"unknown key{hint}; known here are: {join_names(known)}")
    for key in required:
        if key not in content:
            place.refuse(f"the key {show_value(key)} is missing; add it")


def _parse_text(value: Any, place: Place) -> str:
    if not isinstance(value, str) or not value.strip():
        place.refuse("must be a text that says something; write a sentence (in quotes if it holds a colon)")
    return value.strip()


def parse_priority(value: Any, place: Place) -> int:
    """Return the priority that ``value`` is."""
    if not isinstance(value, int) or isinstance(value, bool):
        place.refuse(
            f"must be a whole number, not {show_value(value)}; lower numbers fire first, {DEFAULT_PRIORITY} is usual"
        )
    return value


def _parse_conditions(content: Any, place: Place) -> tuple[Condition, ...]:
    tests = expect_mapping(content, place)
    return tuple(test for fact in tests for test in _parse_fact_tests(fact, tests[fact], place.at(fact)))


def _parse_fact_tests(fact: str, value: Any, place: Place) -> list[Condition]:
    if not isinstance(value, dict):
        return [Condition(fact, "is", _parse_scalar(value, place))]
    if not value:
        place.refuse(f"needs a value or an operator; operators are: {join_names(OPERATORS)}")
    return [_parse_test(fact, operator, operand, place) for operator, operand in value.items()]


def _parse_test(fact: str, operator: Any, operand: Any, place: Place) -> Condition:
    if operator not in OPERATORS:
        hint = suggest_name(str(operator), OPERATORS)
        place.refuse(f"unknown operator {show_value(operator)}{hint}; use {join_names(OPERATORS)}")
    if isinstance(operand, dict) and operator in _COMPARING:
        return Condition(fact, operator, _parse_reference(operand, place.at(operator)))
    parse = _OPERANDS[operator]
    return Condition(fact, operator, parse(operand, place.at(operator)))


def _parse_reference(value: dict[str, Any], place: Place) -> FactRef:
    if value.keys() != {"fact"}:
        place.refuse("must be a value, or {fact: name} to compare with another fact")
    name = _parse_text(value["fact"], place.at("fact"))
    if not NAME.fullmatch(name):
        place.at("fact").refuse(f"{name!r} is no name of a fact; use lower-case letters, digits and underscores")
    return FactRef(name)


def _parse_choices(value: Any, place: Place) -> tuple[Scalar, ...]:
    if not isinstance(value, list) or not value:
        place.refuse("must be a list of at least one value, such as [low, medium]")
    return tuple(_parse_scalar(item, place) for item in value)


def _parse_bound(value: Any, place: Place) -> Scalar:
    if not is_number(value):
        place.refuse(f"compares numbers; {show_value(value)} is none")
    return _parse_scalar(value, place)


def _parse_flag(value: Any, place: Place) -> bool:
    if not isinstance(value, bool):
        place.refuse(f"must be true (the fact is absent) or false (it is there), not {show_value(value)}")
    return value


def _parse_unless(content: Any, place: Place) -> tuple[tuple[Condition, ...], ...]:
    vetoes = content if isinstance(content, list) else [content]
    parsed = tuple(_parse_conditions(veto, place) for veto in vetoes)
    if not all(parsed):
        place.refuse("an empty veto would always hold; name a fact or remove it")
    return parsed


def _parse_then(content: Any, tables: Tables, place: Place) -> tuple[Effect, ...]:
    effects = expect_mapping(content, place)
    if not effects:
        place.refuse("sets nothing; name at least one fact")
    return tuple(_parse_effect(fact, value, tables, place.at(fact)) for fact, value in effects.items())


def _parse_effect(fact: str, value: Any, tables: Tables, place: Place) -> Effect:
    if not isinstance(value, dict):
        return Constant(fact, _parse_scalar(value, place))
    if value.keys() == {"from"}:
        return Copy(fact, _parse_text(value["from"], place.at("from")))
    if value.keys() not in ({"lookup", "by"}, {"lookup", "by", "otherwise"}):
        place.refuse("must be a value, {from: fact} or {lookup: table, by: fact}, at most with 'otherwise: value'")
    table = _parse_text(value["lookup"], place.at("lookup"))
    if table not in tables:
        place.refuse(f"there is no table {table!r}{suggest_name(table, tables)}; tables are: {join_names(tables)}")
    by = _parse_text(value["by"], place.at("by"))
    otherwise = (
        _parse_otherwise(value["otherwise"], table, tables, place.at("otherwise")) if "otherwise" in value else None
    )
    return Lookup(fact, table, by, tables[table], otherwise)


def _parse_otherwise(value: Any, table: str, tables: Tables, place: Place) -> Scalar:
    if not isinstance(value, dict):
        return _parse_scalar(value, place)
    row = str(value.get("row"))
    if value.keys() != {"row"} or row not in tables[table]:
        place.refuse(f"must be a value or {{row: name}}, and rows of {table} are: {join_names(tables[table])}")
    return tables[table][row]


def parse_scenarios(place: Place) -> tuple[Case, ...]:
    """Return the cases of a file of scenarios: whole-set cases, each from facts to facts."""
    check_keys(place.document.content, ("title", "cases"), ("title", "cases"), place)
    _parse_text(place.document.content["title"], place.at("title"))
    return _parse_case_list(place.document.content["cases"], place.at("cases"), _REQUIRED_OF_SCENARIO)


def _parse_cases(content: Any, place: Place) -> tuple[tuple[Case, ...], tuple[Case, ...]]:
    groups = expect_mapping(content, place)
    check_keys(groups, ("fires", "silent"), (), place)
    fires = _parse_case_list(groups.get("fires", []), place.at("fires"), ("name", "facts"))
    silent = _parse_case_list(groups.get("silent", []), place.at("silent"), ("name", "facts"), fires=False)
    return fires, silent


def _parse_case_list(content: Any, place: Place, required: tuple[str, ...], *, fires: bool = True) -> tuple[Case, ...]:
    if not isinstance(content, list):
        place.refuse("is a list of cases; start each with '- name:'")
    return tuple(_parse_case(case, place.at(index), required, fires=fires) for index, case in enumerate(content))


def _parse_case(content: Any, place: Place, required: tuple[str, ...], *, fires: bool) -> Case:
    case = expect_mapping(content, place)
    check_keys(case, ("name", "facts", "expect") if fires else ("name", "facts"), required, place)
    return Case(
        name=_parse_text(case["name"], place.at("name")),
        facts=FrozenDict(_parse_scalars(case["facts"], place.at("facts"))),
        fires=fires,
        expect=FrozenDict(_parse_scalars(case.get("expect", {}), place.at("expect"))),
    )


def _parse_scalars(content: Any, place: Place) -> dict[str, Scalar]:
    scalars = expect_mapping(content, place, any_key=True)
    return {key: _parse_scalar(value, place.at(key)) for key, value in scalars.items()}


def _parse_scalar(value: Any, place: Place) -> Scalar:
    carried = normalise_scalar(value)
    if carried is None or not is_same(carried, value):
        place.refuse(
            f"{show_value(value)} cannot be a fact; use a text of up to {TEXT_LIMIT} characters, true, false, or a "
            "number of at most four decimals (a date or a bare 'null' needs quotes)"
        )
    return carried


def expect_mapping(content: Any, place: Place, *, any_key: bool = False) -> dict[str, Any]:
    """Return ``content``, a mapping of names; with ``any_key`` of any texts."""
    if not isinstance(content, dict):
        place.refuse(f"must be a mapping of names to values, not {show_value(content)}")
    for key in content:
        if not isinstance(key, str):
            place.refuse(f"the key {show_value(key)} is read as a {type(key).__name__}; put it in quotes")
        if not any_key and not NAME.fullmatch(key):
            place.refuse(f"{show_value(key)} is no name; use lower-case letters, digits and underscores")
    return content


_OPERANDS: Mapping[str, Callable[[Any, Place], Any]] = {
    "is": _parse_scalar,
    "not": _parse_scalar,
    "in": _parse_choices,
    "not_in": _parse_choices,
    "gte": _parse_bound,
    "gt": _parse_bound,
    "lte": _parse_bound,
    "lt": _parse_bound,
    "missing": _parse_flag,
}
