"""The store for looking only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ...outcomes import Store
from ..settings import Settings
from ..wiring import name_store


@contextmanager
def view_store(settings: Settings) -> Iterator[Store | None]:
    """Yield the store; None where there is none yet, or an older one, which a read would bring to a newer schema."""
    with name_store(settings) as store:
        condition = store.examine(wait=None)
        schemas = condition.schemas.values()
        yield store if condition.exists and not any(versions.is_old for versions in schemas) else None
