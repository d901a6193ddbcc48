"""What a page is asked about: a window of time, and filters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from ...core.clock import utc_now
from ...outcomes import FILTERS, Filters, check_filters
from ...reports import Period

WINDOWS: Final = {"24h": "24 hours", "7d": "7 days", "30d": "30 days", "90d": "90 days"}
"""What is offered; an address may name any."""
_USUAL = "24h"
_MOST_CHARS = 200


@dataclass(frozen=True, slots=True)
class Question:
    """Hold a window such as ``7d``, and filters by name."""

    window: str
    filters: tuple[tuple[str, str], ...] = ()

    @property
    def chosen(self) -> Filters:
        """The filters as figures take them."""
        return check_filters(dict(self.filters))

    @property
    def span(self) -> str:
        """The window in words."""
        return WINDOWS.get(self.window, self.window)

    def address(self, window: str | None = None) -> str:
        """Return what stands behind the question mark for the same filters, and this window or another."""
        return urlencode([("window", window or self.window), *self.filters])

    def now(self) -> Period:
        """Return the window that ends now."""
        return Period.parse(self.window, utc_now())


def read_question(query: Mapping[str, str]) -> Question:
    """Return what an address asks about; raise UsageError for a window, severity or value that is none."""
    found = Question(
        query.get("window", _USUAL).strip().lower()[:_MOST_CHARS],
        tuple((name, query[name].strip()[:_MOST_CHARS]) for name in FILTERS if name in query),
    )
    found.now()
    check_filters(dict(found.filters))
    return found
