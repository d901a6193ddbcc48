"""Which pages there are, in the order in which they are listed: one line each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ..api_key import Scope
from ..callers import Caller
from .place import PREFIX


@dataclass(frozen=True, slots=True)
class Entry:
    """Hold one line of the navigation; ``module`` is the page's file in ``pages``."""

    title: str
    path: str
    module: str
    group: str
    scope: Scope = "read"

    @property
    def address(self) -> str:
        """Where it leads."""
        return f"{PREFIX}{self.path}"


NAVIGATION: Final = (
    Entry("Overview", "", "overview", "Watch"),
    Entry("Live", "/live", "live", "Watch"),
    Entry("Alerts", "/alerts", "alerts", "Watch"),
    Entry("Patterns", "/patterns", "patterns", "Watch"),
    Entry("Components", "/components", "components", "Watch"),
    Entry("Performance", "/performance", "performance", "Watch"),
    Entry("Recoveries", "/recoveries", "recoveries", "Watch"),
    Entry("Escalations", "/escalations", "escalations", "Watch"),
    Entry("Review", "/review", "review", "Improve"),
    Entry("Replay", "/replay", "replay", "Improve"),
    Entry("Model", "/model", "model", "Improve"),
    Entry("Try it", "/try", "trial", "Ask", "classify"),
    Entry("Decision", "/decision", "decision", "Ask"),
    Entry("Health", "/health", "health", "Ask"),
)


def list_entries(caller: Caller) -> tuple[Entry, ...]:
    """Return the pages that somebody may see."""
    return tuple(entry for entry in NAVIGATION if entry.scope in caller.scopes)
