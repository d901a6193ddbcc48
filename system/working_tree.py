"""Settings from the working tree: they come from whoever opened the pull request, so they may only tighten."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .trust import TREE_FILES, TrustStore

_MAX_BYTES = 1 << 20
NAMES = ("component", "operation")
"""Keys that only say what the working tree is."""
UPPER_BOUNDS = ("decision.max_attempts", "decision.max_delay")
"""Keys that may be lowered."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Say which key of which file was not applied, and why."""

    file: Path
    key: str
    reason: str

    def __str__(self) -> str:
        return (
            f"{self.file}: {self.key} is not applied: {self.reason} "
            f"(to allow it: errclass config trust {self.file.parent})"
        )


@dataclass(frozen=True, slots=True)
class TreeSettings:
    """Hold what the nearest settings file of the working tree asks for."""

    file: Path | None = None
    values: Mapping[str, Any] | None = None
    """Flat: ``decision.max_attempts`` -> 2."""
    trusted: bool = False
    refused: tuple[Refusal, ...] = ()


def read_tree_settings(cwd: Path | None, trust: TrustStore) -> TreeSettings:
    """Read ``errclass.toml``, or ``[tool.errclass]`` in ``pyproject.toml``, nearest upwards from ``cwd``.

    The search ends at the repository's root (a ``.git``). A file that cannot be read is refused, never fatal.
    """
    file = _find(cwd)
    if file is None:
        return TreeSettings()
    try:
        values = _read(file)
    except (OSError, ValueError, TypeError) as error:
        return TreeSettings(file, {}, refused=(Refusal(file, "the whole file", f"it cannot be read: {error}"),))
    return TreeSettings(file, flatten(values), trust.is_trusted(file))


def tighten(tree: TreeSettings, current: Mapping[str, Any]) -> tuple[dict[str, Any], list[Refusal]]:
    """Return the values that may be applied over the current ones, and a refusal for every other."""
    applied: dict[str, Any] = {}
    refused: list[Refusal] = []
    for key, value in (tree.values or {}).items():
        reason = None if tree.trusted else _find_reason(key, value, current)
        if reason is None:
            applied[key] = value
        elif tree.file is not None:
            refused.append(Refusal(tree.file, key, reason))
    return applied, refused


def flatten(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return nested tables as dotted keys."""
    flat: dict[str, Any] = {}
    for key, value in values.items():
        if isinstance(value, Mapping):
            flat |= flatten(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = value
    return flat


def _find_reason(key: str, value: Any, current: Mapping[str, Any]) -> str | None:
    if key in NAMES:
        return None if isinstance(value, str) else "it must be a text"
    if key not in UPPER_BOUNDS:
        return "a file of the working tree may only name the component or operation, and tighten limits"
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return "it must be a number"
    return None if value <= current[key] else f"it would raise the limit from {current[key]} to {value}"


def _find(cwd: Path) -> Path | None:
    for folder in (cwd.resolve(), *cwd.resolve().parents):
        for name in TREE_FILES:
            if (folder / name).is_file() and (name != "pyproject.toml" or _mentions_us(folder / name)):
                return folder / name
        if (folder / ".git").exists():
            return None
    return None


def _mentions_us(file: Path) -> bool:
    try:
        return file.stat().st_size <= _MAX_BYTES and b"[tool.errclass" in file.read_bytes()
    except OSError:
        return False


def _read(file: Path) -> dict[str, Any]:
    if file.stat().st_size > _MAX_BYTES:
        raise ValueError(f"larger than {_MAX_BYTES >> 20} MiB")
    content = tomllib.loads(file.read_text(encoding="utf-8"))
    if file.name != "pyproject.toml":
        return content
    section = content.get("tool", {}).get("errclass", {})
    if not isinstance(section, dict):
        raise TypeError("[tool.errclass] is no table")
    return section
