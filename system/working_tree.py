"""Settings from the working tree: they come from whoever opened the pull request, so they may only tighten."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .trust import TREE_FILES, TrustStore

_MAX_BYTES = 1 << 20
_MAX_REFUSALS = 20
_MAX_NAME_CHARS = 128
# The parser's time grows with the square of a dotted key's length: a hostile file of 40 KB would take seconds.
_MAX_DOTS = 300
NAMES = ("component", "operation")
"""Keys that only say what the working tree is."""
UPPER_BOUNDS = (
    "decision.max_attempts",
    "decision.max_delay",
    "promotion.max_type_drop",
    "promotion.minimum_examples",  # more of them would leave more models unjudged
)
"""Keys that may be lowered."""
LOWER_BOUNDS = ("promotion.minimum_gain",)
"""Keys that may be raised."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Say which key of which file was not applied, and why."""

    file: Path
    key: str
    reason: str
    allowable: bool = True
    """Whether trusting the directory would let it through."""

    def __str__(self) -> str:
        # All of it is a stranger's text on its way to a terminal or a CI log.
        key = re.sub(r"[^\w.\- ]", "?", self.key)[:80]
        text = f"{_printable(str(self.file))}: {key} is not applied: {_printable(self.reason)}"
        return (
            f"{text} (to allow it: errclass config trust {_printable(str(self.file.parent))})"
            if self.allowable
            else text
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
    file = next(_candidates(cwd), None) if cwd else None
    if file is None:
        return TreeSettings()
    try:
        content = _read_bytes(file)
        values = flatten(_parse(content, file.name))
    # A table nested too deep for the parser, or for us, ends in a RecursionError.
    except (OSError, ValueError, TypeError, RecursionError) as error:
        return TreeSettings(
            file, {}, refused=(Refusal(file, "the whole file", f"it cannot be read: {error}", allowable=False),)
        )
    return TreeSettings(file, values, trust.is_trusted(file, content))


def tighten(tree: TreeSettings, current: Mapping[str, Any]) -> tuple[dict[str, Any], list[Refusal]]:
    """Return the values that may be applied over the current ones, and a refusal for every other."""
    applied: dict[str, Any] = {}
    refused: list[Refusal] = []
    for key, value in (tree.values or {}).items():
        reason = _find_reason(key, value, current, trusted=tree.trusted)
        if reason is None:
            applied[key] = value
        elif tree.file is not None:
            refused.append(Refusal(tree.file, key, reason))
    return applied, _shorten(refused)


def flatten(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return nested tables as dotted keys."""
    flat: dict[str, Any] = {}
    for key, value in values.items():
        if isinstance(value, Mapping):
            flat |= flatten(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = value
    return flat


def _find_reason(key: str, value: Any, current: Mapping[str, Any], *, trusted: bool) -> str | None:
    if key == "home":
        return "only ERRCLASS_HOME can set it: what is trusted is written there"
    if trusted:
        return None
    if key in NAMES:
        return None if _is_name(value) else f"it must be one line of at most {_MAX_NAME_CHARS} characters"
    if key not in UPPER_BOUNDS + LOWER_BOUNDS:
        return "a file of the working tree may only name the component or operation, and tighten limits"
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return "it must be a number"
    if key in LOWER_BOUNDS:
        return None if value >= current[key] else f"it would lower the limit from {current[key]} to {value}"
    return None if value <= current[key] else f"it would raise the limit from {current[key]} to {value}"


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and value.isprintable() and 0 < len(value) <= _MAX_NAME_CHARS


def _shorten(refused: list[Refusal]) -> list[Refusal]:
    """Keep the first refusals and count the others: a file may ask for any number of things."""
    if len(refused) <= _MAX_REFUSALS:
        return refused
    more = len(refused) - _MAX_REFUSALS
    return [*refused[:_MAX_REFUSALS], Refusal(refused[0].file, f"and {more} more", "like those before")]


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in text)[:500]


def _candidates(cwd: Path) -> Iterator[Path]:
    """Yield the settings files from ``cwd`` upwards to the repository's root."""
    for folder in (cwd, *cwd.parents):
        try:
            yield from (folder / name for name in TREE_FILES if _is_ours(folder / name))
            if (folder / ".git").exists():
                return
        except OSError:  # a folder that may not be looked into ends the search
            return


def _is_ours(file: Path) -> bool:
    if not file.is_file():
        return False
    return file.name != "pyproject.toml" or _mentions_us(file)


def _mentions_us(file: Path) -> bool:
    try:
        return b"[tool.errclass" in _read_bytes(file)
    except (OSError, ValueError):
        return False


def _read_bytes(file: Path) -> bytes:
    """Read a settings file; a link may lead to anything, such as a device that never ends."""
    if file.is_symlink():
        raise ValueError("it is a symbolic link")
    if file.stat().st_size > _MAX_BYTES:
        raise ValueError(f"it is larger than {_MAX_BYTES >> 20} MiB")
    return file.read_bytes()


def _parse(content: bytes, name: str) -> dict[str, Any]:
    if any(line.count(b".") > _MAX_DOTS for line in content.split(b"\n")):
        raise ValueError(f"a line holds more than {_MAX_DOTS} dots")
    table: Any = tomllib.loads(content.decode())
    for part in ("tool", "errclass") if name == "pyproject.toml" else ():
        table = table.get(part, {})
        if not isinstance(table, dict):
            raise TypeError(f"{part} is no table")
    settings: dict[str, Any] = table
    return settings
