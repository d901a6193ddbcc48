"""What each key means while causes are reviewed."""

from __future__ import annotations

from collections.abc import Mapping
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


@dataclass(frozen=True, slots=True)
class Meaning:
    """Hold what a key does."""

    action: Action
    type: str | None = None
    """The answer, where it is one."""


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
