"""Settings from the working tree: they come from whoever opened the pull request, so they may only tighten."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from ..actions.recover import Mode
from ..core.types import Autonomy
from .tree_file import RULES, TREE_FILES, list_rule_folders, parse_settings, read_bytes
from .trust import TrustStore

_MAX_REFUSALS = 20
_MAX_NAME_CHARS = 128
NAMES = ("component", "operation")
"""Keys that only say what the working tree is."""
UPPER_BOUNDS = (
    "decision.max_attempts",
    "decision.max_delay",
    "promotion.max_type_drop",
    "recovery.timeout",
    "retry.timeout",
    "promotion.minimum_examples",  # more of them would leave more models unjudged
)
"""Keys that may be lowered."""
LOWER_BOUNDS = ("promotion.minimum_gain",)
"""Keys that may be raised."""
KILL_SWITCH = "decision.kill_switch"
"""A key that may be switched on; what the user switched on, no file of a working tree switches off."""
AUTONOMY = "decision.autonomy"
"""A key that is no setting there but a limit: what is more careful holds, this or what holds without it."""
RECOVERY = "recovery.autonomy"
"""Likewise, of recoveries and resets; ``off`` is the most careful."""
SWITCHES = ("enable.", "run.")
"""Keys that may be switched off, and never on, begin so."""
_CAPS = {AUTONOMY: ("ask", "suggest"), RECOVERY: ("ask", "suggest", "off")}


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

    @property
    def autonomy_cap(self) -> Autonomy | None:
        """How far errclass may go by itself at most, says a file that nobody trusts."""
        return cast("Autonomy | None", self._find_cap(AUTONOMY))

    @property
    def recovery_cap(self) -> Mode | None:
        """How far a recovery may go at most, says a file that nobody trusts."""
        return cast("Mode | None", self._find_cap(RECOVERY))

    @property
    def restricted_rules(self) -> tuple[Path, ...]:
        """Folders of rules that it names and that may only say no, since nobody trusts it."""
        if self.trusted or self.file is None or not self.values or _find_fault_of_rules(self.file, self.values):
            return ()
        return tuple(list_rule_folders(self.file, self.values))

    def _find_cap(self, key: str) -> str | None:
        value = (self.values or {}).get(key)
        return value if not self.trusted and isinstance(value, str) and value in _CAPS[key] else None


def read_tree_settings(cwd: Path | None, trust: TrustStore) -> TreeSettings:
    """Read ``errclass.toml``, or ``[tool.errclass]`` in ``pyproject.toml``, nearest upwards from ``cwd``.

    The search ends at the repository's root (a ``.git``). A file that cannot be read is refused, never fatal.
    """
    file = next(_candidates(cwd), None) if cwd else None
    if file is None:
        return TreeSettings()
    try:
        content = read_bytes(file)
        values = parse_settings(content, file.name)
    # A table nested too deep for the parser, or for us, ends in a RecursionError.
    except (OSError, ValueError, TypeError, RecursionError) as error:
        return TreeSettings(
            file, {}, refused=(Refusal(file, "the whole file", f"it cannot be read: {error}", allowable=False),)
        )
    return TreeSettings(file, values, trust.is_trusted(file, content))


def is_still_trusted(file: Path, trust: TrustStore) -> bool:
    """Tell whether a trusted settings file, and the rules that it names, are as they were when they were trusted."""
    try:
        return trust.is_trusted(file, read_bytes(file))
    except (OSError, ValueError):
        return False


def tighten(tree: TreeSettings, current: Mapping[str, Any]) -> tuple[dict[str, Any], list[Refusal]]:
    """Return the values that may be applied over the current ones, and a refusal for every other.

    Folders of rules are neither where they are restricted, nor is a limit of the autonomy.
    """
    applied: dict[str, Any] = {}
    refused: list[Refusal] = []
    for key, value in (tree.values or {}).items():
        if key == RULES and not tree.trusted and tree.file is not None:
            reason = _find_fault_of_rules(tree.file, tree.values or {})
            refused += [Refusal(tree.file, key, reason)] if reason else []
            continue
        if (key == AUTONOMY and tree.autonomy_cap) or (key == RECOVERY and tree.recovery_cap):
            continue
        reason = _find_reason(key, value, current, trusted=tree.trusted)
        if reason is None:
            applied[key] = value
        elif tree.file is not None:
            refused.append(Refusal(tree.file, key, reason, allowable=not tree.trusted))
    return applied, _shorten(refused)


def _find_fault_of_rules(file: Path, values: Mapping[str, Any]) -> str | None:
    try:
        list_rule_folders(file, values)
    except (ValueError, OSError, RuntimeError) as error:
        return str(error)
    return None


def _find_reason(key: str, value: Any, current: Mapping[str, Any], *, trusted: bool) -> str | None:
    if key == "home":
        return "only ERRCLASS_HOME can set it: what is trusted is written there"
    if key == KILL_SWITCH:
        return None if value is True or (trusted and not current[key]) else "it may only be switched on"
    return None if trusted else _find_reason_of_stranger(key, value, current)


def _find_reason_of_stranger(key: str, value: Any, current: Mapping[str, Any]) -> str | None:
    if key in NAMES:
        return None if _is_name(value) else f"it must be one line of at most {_MAX_NAME_CHARS} characters"
    if key in _CAPS:
        return f"it may only be lowered, to {' or '.join(_CAPS[key])}"
    if key.startswith(SWITCHES):
        return None if value is False else "it may only be switched off"
    if key in UPPER_BOUNDS + LOWER_BOUNDS:
        return _find_loosening(key, value, current[key])
    return "a file of the working tree may only name the component or operation, and tighten limits"


def _find_loosening(key: str, value: Any, current: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return "it must be a number"
    if key in LOWER_BOUNDS:
        return None if value >= current else f"it would lower the limit from {current} to {value}"
    return None if current is None or value <= current else f"it would raise the limit from {current} to {value}"


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
        return b"[tool.errclass" in read_bytes(file)
    except (OSError, ValueError):
        return False
