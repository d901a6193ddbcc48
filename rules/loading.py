"""Folders of rule files to a policy."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..core.errors import PolicyError
from ..core.frozen import FrozenDict
from ..core.suggesting import suggest_name
from ..core.types import Scalar
from .layers import Layer, as_layer
from .parsing import check_keys, expect_mapping, parse_priority, parse_rule, parse_scenarios, parse_tables
from .place import Place
from .policy import Policy, Tables, order_rules
from .reading import NAME, POLICY_FILE, Document, list_rule_files, list_scenario_files, read_document
from .rule import Case, Rule
from .tightening import check_folder, check_restricted, place_last
from .validation import validate_policy

_KEYS = ("name", "description", "extends", "stages", "background", "tables", "rules")
_NEEDED = ("name", "description", "stages")


@dataclass(frozen=True, slots=True)
class _Head:
    """Hold what the ``policy.yaml`` of one folder says; an empty one where there is none."""

    layer: Layer
    document: Document

    @property
    def content(self) -> dict[str, Any]:
        return self.document.content

    def place(self, *keys: str) -> Place:
        return Place(self.document, keys)


def load_policy(
    folders: Path | Sequence[Path | Layer], tables: Tables | None = None, *, without: Collection[Path] = ()
) -> Policy:
    """Return the policy that the folders hold together; raise ``PolicyError`` with file, line, key and what to do.

    The first folder has a ``policy.yaml`` with the stages; ``list_layers`` puts it there. A later folder may add rules,
    replace a rule of the same id, switch rules off or give them another priority, add or replace rows of tables, and
    replace a file of scenarios by one of the same name. ``tables`` come from outside (the taxonomy); rows in the
    folders go before. Files of rules that are in ``without`` are left aside.
    """
    layers = [as_layer(folder) for folder in ([folders] if isinstance(folders, Path) else folders)]
    heads = [_read_head(layer, needed=layer is layers[0]) for layer in layers]
    base = heads[0]
    stages = _parse_stages(base.content["stages"], base.place("stages"))
    merged = _merge_tables([tables or {}, *(_head_tables(head) for head in heads)])
    rules, places = _load_rules(heads, stages, merged, without)
    scenarios = list(_load_scenarios(heads))
    policy = Policy(
        name=str(heads[-1].content.get("name", base.content["name"])),
        description=str(heads[-1].content.get("description", base.content["description"])),
        stages=stages,
        background=_parse_background(base, stages),
        rules=order_rules(rules, stages),
        tables=merged,
        scenarios=tuple(case for case, _ in scenarios),
    )
    validate_policy(policy, places, [place for _, place in scenarios])
    return policy


def _read_head(layer: Layer, *, needed: bool) -> _Head:
    path = layer.folder / POLICY_FILE
    if not layer.folder.is_dir():
        raise PolicyError(f"{layer.folder}: is no folder; give the folder that holds the rules")
    if layer.restricted:
        check_folder(layer.folder)
    if not path.exists() and not needed:
        return _Head(layer, Document(path, "", {}))
    head = _Head(layer, read_document(path))
    check_keys(head.content, _KEYS, _NEEDED if needed else (), head.place())
    if not needed and "stages" in head.content:
        head.place("stages").refuse("the stages are those of the set that this one extends; remove the key")
    return head


def _load_rules(
    heads: Sequence[_Head], stages: tuple[str, ...], tables: Tables, without: Collection[Path]
) -> tuple[dict[str, Rule], dict[str, Place]]:
    """Return the rules of all folders and their files, each folder having its say over those before."""
    rules: dict[str, Rule] = {}
    places: dict[str, Place] = {}
    for head in heads:
        for rule_id, path in list_rule_files(head.layer.folder):
            if path in without:
                continue
            place = Place(read_document(path))
            rule = _load_rule(rule_id, place, stages, tables)
            if head.layer.restricted:
                check_restricted(rule, rules, place)
                rule = place_last(rule)
            rules[rule_id], places[rule_id] = rule, place
        if head.layer.restricted and head.content.keys() - {"name", "description"}:
            head.place().refuse("a set that is not trusted only adds rules that say no; it has no keys but its name")
        _adjust_rules(head, rules)
    return rules, places


def _load_rule(rule_id: str, place: Place, stages: tuple[str, ...], tables: Tables) -> Rule:
    stage = rule_id.partition("/")[0]
    if stage not in stages:
        place.refuse(f"there is no stage {stage!r}{suggest_name(stage, stages)}; stages are: {', '.join(stages)}")
    return parse_rule(rule_id, place, tables)


def _adjust_rules(head: _Head, rules: dict[str, Rule]) -> None:
    """Switch rules off, or give them another priority, as a folder's ``rules`` say."""
    for rule_id, wishes in expect_mapping(head.content.get("rules", {}), head.place("rules"), any_key=True).items():
        place = head.place("rules", rule_id)
        if rule_id not in rules:
            place.refuse(f"there is no such rule{suggest_name(rule_id, rules)}; see errclass rules list")
        check_keys(expect_mapping(wishes, place), ("enabled", "priority"), (), place)
        if not isinstance(wishes.get("enabled", True), bool):
            place.at("enabled").refuse("must be true or false")
        if not wishes.get("enabled", True):
            del rules[rule_id]
        elif "priority" in wishes:
            rules[rule_id] = replace(rules[rule_id], priority=parse_priority(wishes["priority"], place.at("priority")))


def _load_scenarios(heads: Sequence[_Head]) -> Iterator[tuple[Case, Place]]:
    """Yield the scenarios of all folders; a file replaces one of the same name in a folder before."""
    for path in {path.name: path for head in heads for path in list_scenario_files(head.layer.folder)}.values():
        place = Place(read_document(path))
        for index, case in enumerate(parse_scenarios(place)):
            yield case, place.at("cases", index)


def _parse_background(base: _Head, stages: tuple[str, ...]) -> tuple[str, ...]:
    names = base.content.get("background", [])
    unknown = [name for name in names if name not in stages] if isinstance(names, list) else [names]
    if unknown:
        base.place("background").refuse(f"{unknown[0]!r} is no stage; name some of {', '.join(stages)}")
    return tuple(names)


def _head_tables(head: _Head) -> Tables:
    return parse_tables(head.content.get("tables", {}), head.place("tables"))


def _parse_stages(value: Any, place: Place) -> tuple[str, ...]:
    if not isinstance(value, list) or not value or not all(isinstance(name, str) for name in value):
        place.refuse("must be a list of stage names, in the order in which they run")
    for index, name in enumerate(value):
        if not NAME.fullmatch(name) or value.count(name) > 1:
            place.at(index).refuse(f"{name!r} is not a lower-case name given once; correct it")
    return tuple(value)


def _merge_tables(sources: Sequence[Tables]) -> Tables:
    merged: dict[str, dict[str, Scalar]] = {}
    for source in sources:
        for name, rows in source.items():
            merged.setdefault(name, {}).update(rows)
    return FrozenDict({name: FrozenDict(rows) for name, rows in merged.items()})
