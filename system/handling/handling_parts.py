"""What all handlings of one system share, loaded when the first of them needs it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future, wait
from typing import Any

from ...actions.retry import Naps
from ...core.types import Context
from ...outcomes import Store
from ..acting import Acting
from ..retry_shared import RetryShared
from ..settings import LogSettings, Settings
from ..shared_parts import SharedParts
from ..wiring import Parts, open_store
from .given_settings import read_settings

_log = logging.getLogger("errclass")


class HandlingParts:
    """Hold settings, model and rules, store, retries and all that acts; safe to share between threads.

    What cannot be loaded raises, each time anew: it may be mended meanwhile.
    """

    def __init__(self, config: Settings | Mapping[str, Any] | None, naps: Naps | None) -> None:
        self._config, self._naps = config, naps
        self._lock = threading.RLock()
        self._settings: Settings | None = None
        self._store: Store | None = None
        self._acting: Acting | None = None
        self._retries: RetryShared | None = None
        self._shared = SharedParts(load=self.get_settings, store=lambda _: self.get_store())
        self._pending: set[Future[Any]] = set()

    def get_settings(self) -> Settings:
        """Return the settings; raises ConfigError."""
        with self._lock:
            if self._settings is None:
                self._settings = read_settings(self._config)
                apply_log_settings(self._settings.logging)
            return self._settings

    def get_settings_for(self, context: Context) -> Settings:
        """Return the settings for an operation: its environment's and its component's laid over the others."""
        return self.get_settings().for_call(component=context.component, environment=context.environment)

    def get_parts(self) -> Parts:
        """Return model and rules; raises whatever keeps them from being loaded."""
        return self._shared.get()

    def get_store(self) -> Store:
        """Return the store, with what ``errclass run`` noted for it."""
        with self._lock:
            if self._store is None:
                self._store = open_store(self.get_settings())
            return self._store

    def get_acting(self) -> Acting:
        """Return what escalates and tells."""
        with self._lock:
            if self._acting is None:
                self._acting = Acting(self.get_settings(), self.get_store())
            return self._acting

    def get_retries(self) -> RetryShared:
        """Return breakers, budgets and counts, shared with all processes that use the store."""
        with self._lock:
            if self._retries is None:
                self._retries = RetryShared(naps=self._naps, keeper=self.get_store())
            return self._retries

    def follow(self, future: Future[Any]) -> None:
        """Have ``close`` wait for it."""
        with self._lock:
            self._pending = {one for one in self._pending if not one.done()} | {future}

    def close(self, seconds: float) -> None:
        """Wait for what goes on, send what is due, within so many seconds, and close the store."""
        deadline = time.monotonic() + seconds
        with self._lock:
            pending, acting, store = self._pending, self._acting, self._store
        wait(pending, timeout=seconds)
        if acting is not None:
            acting.close(max(0.0, deadline - time.monotonic()))
        if store is not None:
            store.close()


def apply_log_settings(settings: LogSettings) -> None:
    """Have errclass's own logger be as talkative as asked for, where the program has not set it up itself."""
    if _log.level == logging.NOTSET and settings != LogSettings():
        _log.setLevel(logging.DEBUG if settings.debug else settings.level.upper())
