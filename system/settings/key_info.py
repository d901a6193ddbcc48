"""What can be set: every key with its meaning, range, default, variable, and what presets say."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from types import UnionType
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

from pydantic import BaseModel

from ...core.frozen import FrozenDict
from .environment import NODE_ENVIRONMENT, PLAIN_NAMES
from .keys import COMPONENTS
from .presets import PRESET_VARIABLES, PRESETS
from .ruled import TABLES, find_ruled
from .tree import Settings

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

_WORDS = {bool: "true or false", int: "whole number", float: "number", str: "text"}
_BOUNDS = {"ge": "from {}", "gt": "above {}", "le": "to {}", "lt": "below {}"}
_HOME_DEFAULT = {"home": "the platform's folder for user data", "store": "`store` in the home"}


@dataclass(frozen=True, slots=True)
class KeyInfo:
    """Describe one key."""

    key: str
    meaning: str
    values: str
    """What it takes: kind and range, or all words."""
    default: Any
    variables: tuple[str, ...]
    """Environment variables that set it, the one that counts most first."""
    presets: Mapping[str, Any] = field(default_factory=FrozenDict)
    """What it is in each preset that differs."""
    by_rules: bool = False
    """Whether the rules say it where the user does not."""

    @property
    def group(self) -> str:
        """The part before the first dot; empty for a key without."""
        return self.key.rpartition(".")[0]


def list_key_infos() -> list[KeyInfo]:
    """Return all keys but those of components, which are the same again."""
    infos: list[KeyInfo] = []
    for name, entry in Settings.model_fields.items():
        kind = entry.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            meanings = _read_docstrings(kind)
            infos += (_describe(f"{name}.{key}", one, meanings) for key, one in kind.model_fields.items())
        elif name != COMPONENTS:
            infos.append(_describe(name, entry, _read_docstrings(Settings)))
    return infos


def list_groups() -> dict[str, str]:
    """Return each group of keys with what it is about; the nameless one first."""
    groups = {"": "What holds for everything."}
    for name, entry in Settings.model_fields.items():
        kind = entry.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            groups[name] = inspect.cleandoc(kind.__doc__ or "").partition("\n\n")[0].replace("\n", " ")
    return groups


def _describe(key: str, entry: FieldInfo, meanings: Mapping[str, str]) -> KeyInfo:
    default = _HOME_DEFAULT.get(key) or entry.get_default(call_default_factory=True)
    return KeyInfo(
        key,
        meanings.get(key.rpartition(".")[2], ""),
        _describe_values(entry),
        default,
        tuple(_list_variables(key)),
        FrozenDict(_list_presets(key, default)),
        key in TABLES,
    )


def _list_variables(key: str) -> Iterator[str]:
    yield f"ERRCLASS_{key.upper().replace('.', '__')}"
    if key == "decision.kill_switch":
        yield "ERRCLASS_ACT"
    if key == "environment":
        yield NODE_ENVIRONMENT
    if key in PLAIN_NAMES:
        yield PLAIN_NAMES[key]
    if key == "notifications.channels":
        yield from sorted({name for known, name in PLAIN_NAMES.items() if known.startswith(f"{key}.")})
        yield from sorted({name for names in PRESET_VARIABLES.values() for name in names.values()})


def _list_presets(key: str, default: Any) -> dict[str, Any]:
    usual = find_ruled(key, None)[0] if key in TABLES else default
    said = {name: find_ruled(key, name)[0] if key in TABLES else values.get(key) for name, values in PRESETS.items()}
    return {name: value for name, value in said.items() if value is not None and value != usual}


def _describe_values(entry: FieldInfo) -> str:
    bounds = [
        words.format(_write_bound(getattr(one, name)))
        for one in entry.metadata
        for name, words in _BOUNDS.items()
        if hasattr(one, name)
    ]
    return " ".join([_describe_kind(entry.annotation), *bounds])


def _write_bound(value: float) -> str:
    return f"{value:g}" if abs(value) < 1e6 else f"{value:,}".replace(",", " ")


def _describe_kind(kind: Any) -> str:
    if get_origin(kind) is Literal:
        return ", ".join(f"`{word}`" for word in get_args(kind))
    if isinstance(kind, UnionType) or type(None) in get_args(kind):
        return _describe_kind(next(one for one in get_args(kind) if one is not type(None)))
    if get_origin(kind) is tuple:
        return "list"
    if get_origin(kind) is not None:
        return "table"
    return _WORDS.get(kind, "text")


def _read_docstrings(kind: type) -> dict[str, str]:
    """Return what stands below each field of a class; pydantic would look at every start."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(kind)))
    body = tree.body[0].body if isinstance(tree.body[0], ast.ClassDef) else []
    found: dict[str, str] = {}
    for statement, after in pairwise(body):
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            text = after.value if isinstance(after, ast.Expr) else None
            if isinstance(text, ast.Constant) and isinstance(text.value, str):
                found[statement.target.id] = " ".join(text.value.split())
    return found
