"""Small states of one process, for whoever has no store."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

T = TypeVar("T")


class MemoryStates:
    """Behave as a ``StateKeeper`` that forgets everything at the end; safe to share between threads."""

    def __init__(self) -> None:
        self._states: dict[tuple[str, str], Mapping[str, Any]] = {}
        self._lock = threading.Lock()

    def change_state(
        self, kind: str, name: str, change: Callable[[Mapping[str, Any] | None], tuple[Mapping[str, Any] | None, T]]
    ) -> T:
        """Change a state and return what ``change`` says besides."""
        with self._lock:
            state, result = change(self._states.get((kind, name)))
            if state is not None:
                self._states[kind, name] = state
            return result

    def read_state(self, kind: str, name: str) -> Mapping[str, Any] | None:
        """Return a state; None where there is none."""
        return self._states.get((kind, name))
