"""Folders of rule files to a policy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..core.errors import PolicyError
from ..core.frozen import FrozenDict
from ..core.types import Scalar
from .parsing import Place, check_keys, parse_rule, parse_tables
from .policy import Policy, Tables, order_rules
from .reading import NAME, POLICY_FILE, list_rule_files, read_mapping
from .rule import Rule
from .suggesting import join_names, suggest_name
from .validation import validate_policy

DEFAULT_FOLDER = Path(__file__).parent / "sets" / "default"
"""The rule set that ships with errclass."""


def load_policy(folders: Path | Sequence[Path], tables: Tables | None = None) -> Policy:
    """Return the policy that the folders hold together; raise ``PolicyError`` with file, key and what to do.

    The first folder has a ``policy.yaml`` with the stages. A later folder may add rules, replace a rule of the same
    id, and add or replace rows of tables. ``tables`` come from outside (the taxonomy); rows in the folders go before.
    """
    places = [folders] if isinstance(folders, Path) else list(folders)
    heads = [_read_head(folder, needed=folder is places[0]) for folder in places]
    head = {key: value for content in heads for key, value in content.items()}
    stages = _parse_stages(head["stages"], Place(str(places[0] / POLICY_FILE), "stages"))
    merged = _merge_tables([tables or {}, *map(_head_tables, heads, places)])
    files = {rule_id: path for folder in places for rule_id, path in list_rule_files(folder)}
    rules = {rule_id: _load_rule(rule_id, path, stages, merged) for rule_id, path in files.items()}
    policy = Policy(
        name=str(head["name"]),
        description=str(head["description"]),
        stages=stages,
        background=_parse_background(head, stages, Place(str(places[0] / POLICY_FILE), "background")),
        rules=order_rules(rules, stages),
        tables=merged,
    )
    validate_policy(policy, {rule_id: Place(str(path)) for rule_id, path in files.items()})
    return policy


def _read_head(folder: Path, *, needed: bool) -> dict[str, Any]:
    path = folder / POLICY_FILE
    if not folder.is_dir():
        raise PolicyError(f"{folder}: is no folder; give the folder that holds the rules")
    if not path.exists() and not needed:
        return {}
    content = read_mapping(path)
    required = ("name", "description", "stages") if needed else ()
    check_keys(content, ("name", "description", "stages", "background", "tables"), required, Place(str(path)))
    return content


def _parse_background(head: Mapping[str, Any], stages: tuple[str, ...], place: Place) -> tuple[str, ...]:
    names = head.get("background", [])
    unknown = [name for name in names if name not in stages] if isinstance(names, list) else [names]
    if unknown:
        place.refuse(f"{unknown[0]!r} is no stage; name some of {', '.join(stages)}")
    return tuple(names)


def _head_tables(head: Mapping[str, Any], folder: Path) -> Tables:
    return parse_tables(head.get("tables", {}), Place(str(folder / POLICY_FILE), "tables"))


def _parse_stages(value: Any, place: Place) -> tuple[str, ...]:
    if not isinstance(value, list) or not value or not all(isinstance(name, str) for name in value):
        place.refuse("must be a list of stage names, in the order in which they run")
    for name in value:
        if not NAME.fullmatch(name) or value.count(name) > 1:
            place.refuse(f"{name!r} is not a lower-case name given once; correct it")
    return tuple(value)


def _merge_tables(sources: Sequence[Tables]) -> Tables:
    merged: dict[str, dict[str, Scalar]] = {}
    for source in sources:
        for name, rows in source.items():
            merged.setdefault(name, {}).update(rows)
    return FrozenDict({name: FrozenDict(rows) for name, rows in merged.items()})


def _load_rule(rule_id: str, path: Path, stages: tuple[str, ...], tables: Tables) -> Rule:
    stage = rule_id.partition("/")[0]
    if stage not in stages:
        raise PolicyError(
            f"{path}: there is no stage {stage!r}{suggest_name(stage, stages)}; stages are: {join_names(stages)}"
        )
    return parse_rule(rule_id, read_mapping(path), tables, Place(str(path)))
