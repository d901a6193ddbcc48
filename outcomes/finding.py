"""Find one stored outcome."""

from __future__ import annotations

from ..core.errors import StoreError
from ..core.types import Outcome
from .clean_text import clean_text
from .reader import ask
from .rebuilding import rebuild_outcome
from .store import Store


def find_outcome(store: Store, identifier: str) -> Outcome | None:
    """Return the outcome with this id, or the one whose decision has it; None when there is none.

    Its labels are not read. Raises StoreError where what is stored cannot be read.
    """
    if not store.exists():
        return None
    with store.reading() as session:
        rows = ask(session, "outcome_by_id", {"id": clean_text(identifier)})
    try:
        return rebuild_outcome(rows[0], ()) if rows else None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoreError(f"the outcome {identifier!r} in {store.place} is damaged ({error}); see another") from error
