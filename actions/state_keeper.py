"""Where breakers and budgets keep state that processes share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

T = TypeVar("T")

MOST_SKEW = 5.0
"""Seconds by which clocks that somebody keeps right may differ; a time from further ahead comes from a wrong one."""


class StateKeeper(Protocol):
    """Keep small states by kind and name; the outcome store does. Every fault is a StoreError."""

    def change_state(
        self, kind: str, name: str, change: Callable[[Mapping[str, Any] | None], tuple[Mapping[str, Any] | None, T]]
    ) -> T:
        """Change a state in one transaction and return what ``change`` says besides; it may be asked twice."""
        ...

    def read_state(self, kind: str, name: str) -> Mapping[str, Any] | None:
        """Return a state; None where there is none."""
        ...
