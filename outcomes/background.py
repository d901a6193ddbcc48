"""Merge while a long process goes on, so that its events reach the history without anybody's waiting for it."""

from __future__ import annotations

import logging
import threading
from types import TracebackType
from typing import Self

from ..core.errors import StoreError
from .store import Store

_log = logging.getLogger("errclass")
INTERVAL = 5.0
"""Seconds between two looks at what waits."""

LAST_WAIT = 0.2
"""Seconds that the last merge waits: who has the history is most likely merging, and takes ours along."""


class BackgroundMerger:
    """Merge a store every few seconds in a thread of its own, and once more at the end.

    A fault is logged and the next look tries again: what waits is safe in the inbox.
    """

    def __init__(self, store: Store, *, interval: float = INTERVAL) -> None:
        self._store = store
        self._interval = interval
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="errclass-merge", daemon=True)

    def start(self) -> Self:
        """Begin to merge."""
        self._thread.start()
        return self

    def stop(self, *, wait: float = LAST_WAIT) -> None:
        """Merge what waits, unless the history stays in use for ``wait`` seconds, and end the thread."""
        self._stopped.set()
        self._thread.join()
        self._merge(wait)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def _run(self) -> None:
        while not self._stopped.wait(self._interval):
            self._merge(0.0)

    def _merge(self, wait: float) -> None:
        try:
            self._store.merge(wait=wait)
        except StoreError as error:
            _log.warning("errclass.merge_failed: %s", error)
        except Exception:  # noqa: BLE001 - the rim: what goes wrong in here must not end the program that only records
            _log.exception("errclass.inner_fault")
