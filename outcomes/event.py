"""One thing that happened, as the inbox takes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .marks import NO_MARKS, Marks

Kind = Literal[
    "outcome", "resolution", "label", "label_undo", "attempt", "action", "message", "case_result", "registration", "row"
]
How = Literal["retry", "recovery", "fix"]
"""What made a failed operation succeed in the end, or failed to."""


@dataclass(frozen=True, slots=True)
class Event:
    """Hold one thing that happened; ``kind`` and ``id`` together are unique."""

    kind: Kind
    id: str
    payload: str
    """A JSON object of valid Unicode without NUL."""
    marks: Marks = NO_MARKS
