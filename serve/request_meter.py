"""What is told of each request, by its route and never by what it says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

METHODS = frozenset({"CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"})
"""Those of RFC 9110 and RFC 5789; a client may send any other word."""
NO_ROUTE = "-"


@dataclass(frozen=True, slots=True)
class Exchange:
    """Hold a request that is over."""

    route: str
    """The template that it was answered by; ``-`` where it met none, or was refused before."""
    method: str
    status: int
    """0 where nothing was answered."""
    seconds: float
    refusal: str = ""
    """The kind of the problem that it was refused with."""


class RequestMeter(Protocol):
    """Count requests. It must not raise, and is asked in the event loop: it must not wait either."""

    def begin(self) -> None:
        """Note that a request is under way."""

    def end(self, exchange: Exchange) -> None:
        """Note that one is over."""
