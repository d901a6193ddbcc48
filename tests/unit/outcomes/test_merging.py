from __future__ import annotations

from pathlib import Path

from errclass.core.types import Outcome
from errclass.outcomes import Store
from errclass.outcomes.event import Event
from errclass.outcomes.inbox import Inbox
from errclass.outcomes.merging import BATCH


def test_more_than_one_batch_is_merged(store: Store) -> None:
    """All that waits is taken in one go."""
    store.record_many(Outcome(str(number), "boom") for number in range(BATCH + 1))
    assert (BATCH + 1, BATCH + 1) == (store.merge(), store.stats().outcomes)


def test_unreadable_event_stays_and_blocks_nothing(store: Store, folder: Path) -> None:
    """A damaged event is neither merged nor thrown away, and the others go on, those after it too."""
    inbox = Inbox(folder / "inbox.sqlite")
    store.record(Outcome("a", "boom"))
    inbox.add([Event("outcome", "bad", '{"text": "no time"}'), Event("label", "worse", "{")])
    store.record(Outcome("b", "boom"))
    inbox.close()
    assert (2, 2, 2) == (store.merge(), store.stats().outcomes, store.stats().waiting)


def test_event_of_an_unknown_kind_stays(store: Store, folder: Path) -> None:
    """A newer errclass may have written it."""
    inbox = Inbox(folder / "inbox.sqlite")
    inbox.add([Event("future", "f", "{}")])  # type: ignore[arg-type]
    inbox.close()
    assert (0, 1) == (store.merge(), store.stats().waiting)
