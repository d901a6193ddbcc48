"""What one look at one thing found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ...core.frozen import FrozenDict
from ...core.jsonable import to_jsonable

Status = Literal["ok", "warning", "problem", "off"]
"""``off``: it is not set up, or switched off; nothing is wrong with that."""
_BY_WEIGHT: tuple[Status, ...] = ("problem", "warning", "ok", "off")


@dataclass(frozen=True, slots=True)
class Check:
    """Say how one thing is, and what to do where it is not well."""

    name: str
    status: Status
    message: str
    advice: str = ""
    details: Mapping[str, Any] = field(default_factory=FrozenDict)

    def to_dict(self) -> dict[str, Any]:
        """Return all of it, JSON-ready."""
        values: dict[str, Any] = to_jsonable(self)
        return values


def find_worst(checks: Iterable[Check]) -> Status:
    """Return the worst status of all; ``ok`` where there is none."""
    found = {check.status for check in checks}
    return next((status for status in _BY_WEIGHT if status in found), "ok")
