"""Find the outcome that a person means."""

from __future__ import annotations

from ..core.errors import UsageError
from .reader import ask
from .store import Store

SHORTEST_PREFIX = 8
"""Characters of an id from which on its beginning may stand for it."""
_SHOWN = 5


def find_outcome(store: Store, given: str) -> str:
    """Return the id that ``given`` is, or is the beginning of.

    Raises UsageError, naming candidates, when there is no such outcome or more than one.
    """
    found = _match(store, given) if store.exists() else []
    if len(found) == 1 or given in found:
        return found[0]
    if not found:
        raise UsageError(
            f"no outcome {given!r} in {store.place}; give an id as `errclass explain --record` prints it, "
            f"or at least its first {SHORTEST_PREFIX} characters"
        )
    listed = ", ".join(found[:_SHOWN]) + (", ..." if len(found) > _SHOWN else "")
    raise UsageError(f"{given!r} is the beginning of several outcomes: {listed}; give more of the id")


def _match(store: Store, given: str) -> list[str]:
    parameters = {"given": given, "shortest": SHORTEST_PREFIX, "size": _SHOWN + 1}
    with store.reading() as session:
        return [row["id"] for row in ask(session, "matching_ids", parameters)]
