"""Values of labels, kept to those that are known: each further one would be a series of its own."""

from __future__ import annotations

from collections.abc import Collection

OTHER = "other"
NONE = "none"


def choose(value: str | None, known: Collection[str]) -> str:
    """Return a value that is known, ``other`` for one that is not, and ``none`` where there is none."""
    if value is None:
        return NONE
    return value if value in known else OTHER


class Cap:
    """Let through the first ``most`` different values, which come from settings and models; the rest is ``other``."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._seen: set[str] = set()

    def limit(self, value: str) -> str:
        """Return the value, or ``other``."""
        if value in self._seen:
            return value
        if len(self._seen) >= self._most:
            return OTHER
        self._seen.add(value)
        return value
