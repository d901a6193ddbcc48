"""The store of the settings, where looking at it changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ...outcomes import Store, StoreCondition
from ...system.checks.store_view import can_be_read
from ...system.settings import Settings
from ...system.wiring import name_store


@contextmanager
def open_readable(settings: Settings) -> Iterator[tuple[Store | None, StoreCondition]]:
    """Yield the store and how it is; None in place of one that a read would bring to a newer schema.

    It has connections of its own, so that it waits for no request, and no request for it.
    """
    with name_store(settings) as store:
        condition = store.examine(wait=None)
        yield store if can_be_read(condition) or not condition.exists else None, condition
