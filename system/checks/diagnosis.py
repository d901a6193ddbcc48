"""All checks of one machine: what ``errclass doctor`` tells."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from .catalogue import CATALOGUE, CheckKind, Wish
from .check import Check, Status, find_worst
from .stand_in_settings import read_settings_or_stand_in


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Hold what was found, with the kind of check that found it."""

    found: tuple[tuple[CheckKind, Check], ...]

    @property
    def status(self) -> Status:
        """The worst of all."""
        return find_worst(check for _, check in self.found)

    def count(self, status: Status) -> int:
        """Return how many checks have a status."""
        return sum(check.status == status for _, check in self.found)

    def to_dict(self) -> dict[str, Any]:
        """Return all of it, JSON-ready."""
        return {
            "status": self.status,
            "checks": [{"group": kind.group, **check.to_dict()} for kind, check in self.found],
        }


def diagnose(
    only: Collection[str] = (), *, send: bool = False, show: Callable[[str, int, int], None] | None = None
) -> Diagnosis:
    """Run all checks, or those with the given names, and return what they found; nothing is raised.

    ``send``: test messages are sent, and the agent is asked. ``show`` is told (step, done, total).
    """
    settings, faults = read_settings_or_stand_in()
    wish = Wish(settings, faults, send)
    chosen = [kind for kind in CATALOGUE if not only or kind.name in only]
    found: list[tuple[CheckKind, Check]] = []
    for number, kind in enumerate(chosen):
        if show is not None:
            show(kind.name, number, len(chosen))
        checks = kind.run(wish)
        found += [(kind, check) for check in (checks if isinstance(checks, tuple) else (checks,))]
    return Diagnosis(tuple(found))
