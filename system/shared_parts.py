"""The parts that one process answers with: loaded at the first question, renewed when another model is promoted."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from .model_shelf import ModelShelf
from .model_watch import ModelWatch
from .settings import load_settings
from .wiring import Parts, build_parts

_log = logging.getLogger("errclass")

Shared = tuple[Parts, ModelWatch | None]
"""The parts, and what tells that they are no longer those; None where the settings name the model."""


class SharedParts:
    """Hand out the same parts to all threads, and whole new ones soon after a promotion.

    A model that the settings name is kept, whatever is promoted. A promoted model that cannot be loaded is logged as
    ``errclass.model_kept``, and the one before goes on answering until the next promotion.
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._current: Shared | None = None

    def get(self) -> Parts:
        """Return the parts; whatever goes wrong at the first load is raised."""
        current = self._current or self._load()
        parts, watch = current
        return self._renew(current) if watch is not None and watch.has_changed() else parts

    def forget(self) -> None:
        """Drop the parts; the next call loads them again."""
        with self._lock:
            self._current = None

    def _load(self) -> Shared:
        with self._lock:
            if self._current is None:
                settings = load_settings()
                for refusal in settings.refused:
                    _log.warning("errclass.setting_refused: %s", refusal)
                # Before the model is looked for, so that no promotion in between is missed.
                watch = None if settings.model else ModelWatch(ModelShelf(settings.home).promotions, clock=self._clock)
                self._current = (build_parts(settings), watch)
            return self._current

    def _renew(self, old: Shared) -> Parts:
        """Load the parts anew; other threads go on with the old ones meanwhile."""
        parts, watch = old
        try:
            fresh = build_parts(parts.settings)
        except Exception as error:  # noqa: BLE001 - the rim: whatever is wrong with it, the old model still answers
            _log.warning("errclass.model_kept: %s, for the promoted one fails: %s", parts.model.version, error)
            return parts
        with self._lock:
            if self._current is old:  # neither forgotten nor renewed meanwhile
                self._current = (fresh, watch)
        _log.info("errclass.model_changed: %s after %s", fresh.model.version, parts.model.version)
        return fresh
