"""What a request is refused with: a problem document (RFC 9457) that says what is wrong and what to do."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

MEDIA_TYPE = "application/problem+json"
_KINDS = "urn:errclass:problem:"
REFUSAL = "refusal"
"""Where the state of a request says with which kind it was refused."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Describe why a request was not answered."""

    kind: str
    """A name that programs may go by, such as ``wrong-key``."""
    status: int
    detail: str
    """What is wrong."""
    advice: str
    """What to do."""
    errors: tuple[Mapping[str, str], ...] = ()
    """Single faults of a body: ``where`` and ``what``."""
    retry_after: float | None = None
    """Seconds until it may be tried again."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Further headers that the status asks for."""

    def to_dict(self) -> dict[str, Any]:
        """Return the document, JSON-ready."""
        document = {
            "type": f"{_KINDS}{self.kind}",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            "advice": self.advice,
        }
        return document | ({"errors": [dict(error) for error in self.errors]} if self.errors else {})

    def list_headers(self) -> dict[str, str]:
        """Return the headers that belong to it."""
        wait = {} if self.retry_after is None else {"retry-after": str(max(1, math.ceil(self.retry_after)))}
        return {**self.headers, **wait}


class RefusalError(Exception):
    """A request is not answered, and this is why."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.detail)


INNER_FAULT = Problem(
    "inner-fault", 500, "errclass itself failed; nothing automatic happens", "look into the log of the service"
)
