"""What tracking works with, loaded when it is first needed."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from dataclasses import replace

from ...core.errors import UsageError
from ...core.ids import new_id
from ...core.types import Context
from ...outcomes import Store
from ..contexts import extend_context, make_context
from ..jobs.ci_context import read_ci_context
from ..settings import Settings, load_settings
from ..shared_parts import SharedParts
from ..wiring import Parts, open_store

_MERGED_FROM = 1000
"""Waiting events from which on they are merged at an occasion."""


class TrackingParts:
    """Hold settings, store, model and rules; safe to share between threads. What cannot be loaded raises."""

    def __init__(self, store: Store | None) -> None:
        self._given = store
        self._own: Store | None = None
        self._lock = threading.RLock()
        self._settings: Settings | None = None
        self._shared = SharedParts(load=self.get_settings, store=lambda _: self.get_store())

    def get_settings(self) -> Settings:
        """Return the settings; raises ConfigError."""
        with self._lock:
            if self._settings is None:
                self._settings = load_settings()
            return self._settings

    def get_parts(self) -> Parts:
        """Return model and rules; raises whatever keeps them from being loaded."""
        return self._shared.get()

    def get_store(self) -> Store:
        """Return the store that was given, else that of the settings."""
        if self._given is not None:
            return self._given
        with self._lock:
            if self._own is None:
                self._own = open_store(self.get_settings())
            return self._own

    def merge_much(self) -> None:
        """Merge what waits in the store where that is much, unless somebody else is at it."""
        store = self.get_store()
        if store.exists() and store.count_waiting()[0] >= _MERGED_FROM:
            store.merge()

    def close(self) -> None:
        """Close the store, unless it was given."""
        with self._lock:
            own, self._own = self._own, None
        if own is not None:
            own.close()


def make_operation_context(
    known: Context, operation: str, operation_id: str | None, given: Mapping[str, object]
) -> Context:
    """Return the context of an operation's first call; raises UsageError for what makes no sense.

    ``known`` is what is known of all operations.
    """
    for name, value in (("operation", operation), ("operation_id", operation_id or operation)):
        if not (isinstance(value, str) and value.strip()):
            raise UsageError(f"{name}: give a text that names it, not {value!r}")
    try:
        context = extend_context(known, given)
    except (TypeError, ValueError, OverflowError) as error:
        raise UsageError(f"attempt: give a number from 1, not {given.get('attempt')!r}") from error
    if context.attempt < 1:
        raise UsageError(f"attempt: give a number from 1, not {context.attempt}")
    return replace(context, operation=operation, operation_id=operation_id or new_id())


def know_context(settings: Settings) -> Context:
    """Return what the settings and a CI system's environment say of all operations."""
    return extend_context(make_context(settings), read_ci_context(os.environ))
