"""The parts that one process answers with: loaded at the first question, renewed when model or rules are others."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import replace
from functools import partial

from ..outcomes import Store
from .change_watch import ChangeWatch
from .model_shelf import ModelShelf
from .rule_files import stamp_rules
from .settings import Settings, load_settings
from .wiring import Parts, build_parts

_log = logging.getLogger("errclass")

_MOST_RELOADS = 5
"""Reloads at once of files that change while they are read."""

Shared = tuple[Parts, ChangeWatch]
"""The parts, and what tells that they are no longer those."""


class SharedParts:
    """Hand out the same parts to all threads, and whole new ones soon after a promotion or a change of the rules.

    A model that the settings name is kept, whatever is promoted. A promoted model that cannot be loaded is logged as
    ``errclass.model_kept``, and the one before goes on answering until the next change; rules that cannot be are
    logged as ``errclass.rules_kept``, and those before decide on.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.monotonic,
        load: Callable[[], Settings] | None = None,
        store: Callable[[Settings], Store] | None = None,
    ) -> None:
        """``load`` returns the settings, and ``store`` the store of theirs, where they are not the usual ones."""
        self._clock = clock
        self._load_settings = load
        self._find_store = store
        self._lock = threading.RLock()  # a signal handler may decide while it is held
        self._renewing = threading.Lock()
        self._current: Shared | None = None

    def get(self) -> Parts:
        """Return the parts; whatever goes wrong at the first load is raised."""
        current = self._current or self._load()
        parts, watch = current
        return self._renew(current) if watch.has_changed() else parts

    def forget(self) -> None:
        """Drop the parts; the next call loads them again."""
        with self._lock:
            self._current = None

    def _load(self) -> Shared:
        with self._lock:
            if self._current is None:
                settings = (self._load_settings or load_settings)()
                for refusal in settings.refused:
                    _log.warning("errclass.setting_refused: %s", refusal)
                # Before anything is read, so that no change in between is missed.
                watch = ChangeWatch(partial(_stamp, settings), clock=self._clock)
                parts = self._own(build_parts(settings))
                for fault in parts.faults:
                    _log.warning("errclass.rules_refused: %s", fault)
                self._current = (parts, watch)
            return self._current

    def _renew(self, old: Shared) -> Parts:
        """Load the parts anew; other threads go on with the old ones meanwhile, and leave it to this one."""
        if not self._renewing.acquire(blocking=False):
            return old[0]
        try:
            for _ in range(_MOST_RELOADS):
                seen = old[1].look()
                old = (self._reload(old), old[1])
                if old[1].look() == seen:  # otherwise files changed while they were read
                    break
            return old[0]
        finally:
            self._renewing.release()

    def _own(self, parts: Parts) -> Parts:
        return parts if self._find_store is None else replace(parts, store=self._find_store(parts.settings))

    def _reload(self, old: Shared) -> Parts:
        parts, watch = old
        try:
            # What stands in for broken rules is none to go back to.
            fresh = self._own(build_parts(parts.settings, last_good=None if parts.held_back else parts.engine))
        except Exception as error:  # noqa: BLE001 - the rim: whatever is wrong with it, the old model still answers
            _log.warning("errclass.model_kept: %s, for the promoted one fails: %s", parts.model.version, error)
            return parts
        with self._lock:
            if self._current is not None and self._current[1] is watch:  # not forgotten meanwhile
                self._current = (fresh, watch)
        _tell_change(parts, fresh)
        return fresh


def _stamp(settings: Settings) -> Hashable:
    model = None if settings.model else ModelShelf(settings.home).promotions.stamp()
    return model, stamp_rules(settings.rule_layers)


def _tell_change(old: Parts, fresh: Parts) -> None:
    for fault in fresh.faults:
        _log.warning("errclass.rules_kept: %s", fault)
    if fresh.model.version != old.model.version:
        _log.info("errclass.model_changed: %s after %s", fresh.model.version, old.model.version)
    if fresh.engine.policy.revision != old.engine.policy.revision:
        _log.info("errclass.rules_changed: %s after %s", fresh.engine.policy.revision, old.engine.policy.revision)
