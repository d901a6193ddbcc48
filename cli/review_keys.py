"""What each key means while causes are reviewed."""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

Action = Literal["answer", "retryable", "skip", "undo", "quit", "help", "none"]

_COMMANDS: Final[Mapping[str, Action]] = {
    "r": "retryable",
    "s": "skip",
    "u": "undo",
    "q": "quit",
    "\x04": "quit",
    "?": "help",
}
_ENTER = ("\r", "\n")
_LETTERS = string.digits[1:] + string.ascii_lowercase + string.ascii_uppercase


@dataclass(frozen=True, slots=True)
class Meaning:
    """Hold what a key does."""

    action: Action
    type: str | None = None
    """The answer, where it is one."""


def assign_keys(types: Sequence[str]) -> dict[str, str]:
    """Return key -> type: digits from 1, then the letters that do nothing else; types beyond these have no key."""
    return dict(zip((key for key in _LETTERS if key not in _COMMANDS), types, strict=False))


def read_key(key: str, keys: Mapping[str, str], decided: str | None) -> Meaning:
    """Return what a key means for a cause that was decided to be ``decided``; enter accepts that."""
    if key in _ENTER:
        return Meaning("answer", decided) if decided in keys.values() else Meaning("none")
    if key in keys:
        return Meaning("answer", keys[key])
    return Meaning(_COMMANDS.get(key, "none"))


def next_retryable(said: bool | None) -> bool | None:
    """Return what comes after in the order: nothing said, yes, no."""
    return {None: True, True: False, False: None}[said]
