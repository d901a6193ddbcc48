"""Which runs were started for what: so that nothing is paid for twice, and not too much in one day."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from ...core.jsonable import to_jsonable
from ..memory_states import MemoryStates
from ..state_keeper import StateKeeper
from .entry import PAID, Entry, rebuild_entry

T = TypeVar("T")

KIND = "agent_runs"
STARTING = timedelta(minutes=5)
"""How long a request that has no run yet may still be under way in another process."""
MOST_ENTRIES = 500
"""Runs that are remembered; the oldest that have ended make room first."""
_log = logging.getLogger("errclass")


@dataclass(frozen=True, slots=True)
class Reservation:
    """Say whether a run may be started."""

    granted: bool
    entry: Entry | None = None
    """What is known from before of the same key, or else of the same cause."""
    spent: int = 0
    """Runs of this day."""


class RunBook:
    """Keep entries of one account, in a store or in this process; a fault of the store is a StoreError."""

    def __init__(
        self,
        keeper: StateKeeper | None,
        account: str,
        *,
        clock: Callable[[], datetime],
        quiet: timedelta = timedelta(days=7),
    ) -> None:
        self._keeper = keeper or MemoryStates()
        self._account = account
        self._clock = clock
        self._quiet = quiet

    def reserve(self, entry: Entry, most: int) -> Reservation:
        """Note that a run is about to be started, unless there may be one already or the day's budget is spent."""

        def take(entries: dict[str, Entry]) -> Reservation:
            now = self._clock()
            before = entries.get(entry.key)
            if before is not None and before.state != "not_started":
                if before.run_id is not None or _is_fresh(before, now):
                    return Reservation(granted=False, entry=before)
                entries[entry.key] = replace(before, state="starting", started=now)  # only one at a time looks for it
                return Reservation(granted=True, entry=before)
            same = next((one for one in entries.values() if self._is_in_the_way(one, entry, now)), None)
            if same is not None:
                return Reservation(granted=False, entry=same)
            spent = sum(one.started.date() == now.date() and one.state in PAID for one in entries.values())
            if spent >= most:
                return Reservation(granted=False, spent=spent)
            entries[entry.key] = entry
            return Reservation(granted=True, spent=spent)

        return self._change(take)

    def update(self, key: str, change: Callable[[Entry], Entry]) -> None:
        """Change what is known of a key, if anything is."""

        def write(entries: dict[str, Entry]) -> None:
            if key in entries:
                entries[key] = change(entries[key])

        self._change(write)

    def settle(self, key: str, run_id: str | None) -> Entry | None:
        """Note which run there is, or that there is none, and return the entry; None where that was not unknown."""

        def write(entries: dict[str, Entry]) -> Entry | None:
            entry = entries.get(key)
            if entry is None or not entry.active or entry.run_id is not None or _is_fresh(entry, self._clock()):
                return None
            entries[key] = replace(entry, state="not_started" if run_id is None else "running", run_id=run_id)
            return entries[key]

        return self._change(write)

    def update_run(self, run_id: str, change: Callable[[Entry], Entry]) -> Entry | None:
        """Change the entry of a run and return it; None where there is none."""

        def write(entries: dict[str, Entry]) -> Entry | None:
            entry = next((one for one in entries.values() if one.run_id == run_id), None)
            if entry is None:
                return None
            entries[entry.key] = change(entry)
            return entries[entry.key]

        return self._change(write)

    def list_entries(self) -> list[Entry]:
        """Return all entries, newest first."""
        found = _read(self._keeper.read_state(KIND, self._account))
        return sorted(found.values(), key=lambda entry: entry.started, reverse=True)

    def forget_ended(self) -> None:
        """Drop what neither counts for today's budget nor stands in the way of another run."""

        def drop(entries: dict[str, Entry]) -> None:
            now = self._clock()
            for key, one in list(entries.items()):
                if not one.active and not self._is_recent(one, now) and one.started.date() != now.date():
                    del entries[key]

        self._change(drop)

    def _is_in_the_way(self, one: Entry, new: Entry, now: datetime) -> bool:
        same = one.cause == new.cause and one.repository == new.repository and one.key != new.key
        return same and not one.decided and (one.active or self._is_recent(one, now))

    def _is_recent(self, one: Entry, now: datetime) -> bool:
        """Tell whether its pull request may still be waiting for a person."""
        return one.state == "completed" and not one.decided and now - (one.ended or one.started) < self._quiet

    def _change(self, work: Callable[[dict[str, Entry]], T]) -> T:
        def change(state: Mapping[str, Any] | None) -> tuple[Mapping[str, Any], T]:
            entries = _read(state)
            result = work(entries)
            return {"entries": [to_jsonable(entry) for entry in _keep(entries)]}, result

        return self._keeper.change_state(KIND, self._account, change)


def _is_fresh(entry: Entry, now: datetime) -> bool:
    """Tell whether whoever asks may still be at it; a moment far ahead comes of a clock that was wrong."""
    return entry.state == "starting" and abs(now - entry.started) < STARTING


def _keep(entries: Mapping[str, Entry]) -> list[Entry]:
    """Return what is remembered: all that is under way, and the newest of the rest."""
    by_age = sorted(entries.values(), key=lambda entry: (entry.active, entry.started))
    return by_age[-MOST_ENTRIES:]


def _read(state: Mapping[str, Any] | None) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for document in (state or {}).get("entries", ()):
        try:
            entry = rebuild_entry(document)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            _log.warning("errclass.agent_run_unreadable: %s", error)
        else:
            found[entry.key] = entry
    return found
