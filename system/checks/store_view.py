"""The store for looking only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ...outcomes import Store, StoreCondition
from ..settings import Settings
from ..wiring import name_store


@contextmanager
def view_store(settings: Settings, *, wait: float | None = None) -> Iterator[Store | None]:
    """Yield the store; None where a read would make a file, or bring one to a newer schema.

    ``wait`` are the seconds for whoever has the history; None: it is not to be read.
    """
    with name_store(settings) as store:
        yield store if can_be_read(store.examine(wait=wait)) else None


def can_be_read(condition: StoreCondition) -> bool:
    """Tell whether reads and writes leave the store's files and their schemas as they are."""
    schemas = condition.schemas
    return "inbox" in schemas and not any(versions.is_old for versions in schemas.values())
