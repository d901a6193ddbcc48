"""What talking to an agent's API is made of, without any network: a generator asks, and is sent what came back.

Written so, one text serves threads and tasks, and an adapter for another agent is a few requests and what they mean.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, TypeVar

T = TypeVar("T")

Trouble = Literal["unreachable", "timeout", "cut", "too_large", "encoded", "throttled"]


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask for one HTTP request."""

    method: str
    path: str
    """From the agent's base URL on, query included."""
    body: Mapping[str, Any] | None = None
    """Sent as JSON."""
    repeatable: bool = True
    """Whether it may reach the other side twice."""
    limit: str = "other"
    """Which of the agent's rate limits counts it."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Ask for a wait of so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Reply:
    """Hold what came back: a status with a body, or what went wrong."""

    status: int | None = None
    body: bytes = b""
    trouble: Trouble | None = None
    """``cut`` is an answer that ended in the middle, ``throttled`` a request held back by our own count."""
    detail: str = ""
    sent: bool = True
    """Whether the request may have reached the other side."""
    retry_after: float | None = None
    """Seconds that the other side asked to wait."""


Step: TypeAlias = Ask | Pause
Talk: TypeAlias = Generator[Step, Reply, T]
"""Yields steps, is sent a reply for each (an empty one for a pause), and returns what was made of them."""
