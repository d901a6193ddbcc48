"""Where escalations are kept, so that they outlive the process and are seen by all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeAlias, TypeVar

T = TypeVar("T")

Document: TypeAlias = Mapping[str, Any]
"""An escalation, JSON-ready; ``id``, ``open`` and ``created`` are looked at, the rest is only kept."""


class EscalationKeeper(Protocol):
    """Keep documents of escalations; the outcome store does. Every fault is a StoreError."""

    def change_escalations(
        self, change: Callable[[list[Document]], tuple[Sequence[Document], T]], *, only: str | None = None
    ) -> T:
        """Hand all open ones, or the one with the id ``only``, to ``change``, and write what it returns.

        All in one transaction that no other process is in; ``change`` may be asked twice.
        """
        ...

    def read_escalations(self, *, open_only: bool = False, limit: int | None = 1000) -> list[Document]:
        """Return them, newest first; ``limit`` None: all that are kept."""
        ...

    def read_escalation(self, escalation_id: str) -> Document | None:
        """Return one; None where there is none."""
        ...

    def forget_escalations(self) -> int:
        """Drop those that are not open and return their number."""
        ...
