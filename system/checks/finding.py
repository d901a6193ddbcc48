"""What is wrong with a thing, of which there may be several, and the check that they make together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ...core.frozen import FrozenDict
from .check import Check


@dataclass(frozen=True, slots=True)
class Finding:
    """Say one thing that is wrong, and what to do."""

    status: Literal["warning", "problem"]
    message: str
    advice: str


def sum_up(
    name: str, message: str, findings: Sequence[Finding] = (), details: Mapping[str, Any] | None = None
) -> Check:
    """Return the check: ``message`` with what was found, the worst first."""
    if not findings:
        return Check(name, "ok", message, details=FrozenDict(details or {}))
    ordered = sorted(findings, key=lambda one: one.status != "problem")
    return Check(
        name,
        ordered[0].status,
        "; ".join([one.message for one in ordered] + ([message] if message else [])),
        "; ".join(dict.fromkeys(one.advice for one in ordered)),
        FrozenDict(details or {}),
    )
