"""Circuit breakers that processes share, and that opened not long ago."""

from __future__ import annotations

from datetime import datetime

from ..actions.breaker import read_shared_state
from ..actions.breaker.shared import KIND
from ..core.errors import UsageError
from ..outcomes import Store


def list_tripped(store: Store, since: datetime, now: datetime) -> list[str]:
    """Return the operations of which a breaker was open at any time since a moment, as far as the store tells."""
    found = []
    for name, document in store.list_states(KIND).items():
        try:
            if read_shared_state(document, now.timestamp()).was_open_since(since.timestamp()):
                found.append(name)
        except UsageError:  # it is damaged, and made anew by its next call
            continue
    return found
