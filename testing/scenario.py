"""What running a scenario may say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


class NotApplicableError(Exception):
    """A scenario asks for what our classes do not offer; the message says what."""


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Say where a scenario expects something else."""

    scenario: str
    place: str
    what: str
    wanted: Any
    found: Any

    def __str__(self) -> str:
        return f"{self.scenario}: {self.place}: {self.what} is {self.found!r}, expected {self.wanted!r}"
