"""One attempt of a call that has failed before, or just now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from ..breaker import Permit

T = TypeVar("T")


@dataclass(slots=True)
class Attempt(Generic[T]):
    """Hold what became of the latest attempt: an error, or a result that is as bad as one."""

    permit: Permit | None
    """What the circuit breaker gave for it; None without one."""
    began: float
    """Seconds on the executor's clock."""
    failed: Exception | None
    result: T
