"""Which runs were started for what: so that nothing is paid for twice, and not too much in one day."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any, Literal, TypeVar

from ...core.jsonable import to_jsonable
from ..memory_states import MemoryStates
from ..state_keeper import StateKeeper

T = TypeVar("T")

KIND = "agent_runs"
STARTING = timedelta(minutes=5)
"""How long a request that has no run yet may still be under way in another process."""
MOST_ENTRIES = 500
"""Runs that are remembered; the oldest that have ended make room first."""
EntryState = Literal["starting", "uncertain", "running", "completed", "failed", "cancelled", "not_started"]
PAID: frozenset[EntryState] = frozenset({"starting", "uncertain", "running", "completed", "failed", "cancelled"})
_UNDER_WAY: frozenset[EntryState] = frozenset({"starting", "uncertain", "running"})
_log = logging.getLogger("errclass")


@dataclass(frozen=True, slots=True)
class Entry:
    """Hold one request to an agent and what became of it."""

    key: str
    started: datetime
    state: EntryState = "starting"
    run_id: str | None = None
    url: str = ""
    repository: str | None = None
    confidence: float = 0.0
    ended: datetime | None = None
    message: str = ""
    pull_requests: tuple[str, ...] = ()
    """Their links."""
    fates: tuple[tuple[str, str], ...] = ()
    """(link, what became of it), oldest first."""

    @property
    def active(self) -> bool:
        """Whether it may still be working."""
        return self.state in _UNDER_WAY


@dataclass(frozen=True, slots=True)
class Reservation:
    """Say whether a run may be started."""

    granted: bool
    entry: Entry | None = None
    """What is known of the same key from before."""
    spent: int = 0
    """Runs of this day."""


class RunBook:
    """Keep entries of one account, in a store or in this process; a fault of the store is a StoreError."""

    def __init__(self, keeper: StateKeeper | None, account: str, *, clock: Callable[[], datetime]) -> None:
        self._keeper = keeper or MemoryStates()
        self._account = account
        self._clock = clock

    def reserve(self, entry: Entry, most: int) -> Reservation:
        """Note that a run is about to be started, unless one was for the same key or the day's budget is spent."""

        def take(entries: dict[str, Entry]) -> Reservation:
            before = entries.get(entry.key)
            now = self._clock()
            if before is not None and before.state != "not_started":
                fresh = before.state == "starting" and now - before.started < STARTING
                return Reservation(before.run_id is None and not fresh, before)
            today = now.date()
            spent = sum(one.started.date() == today and one.state in PAID for one in entries.values())
            if spent >= most:
                return Reservation(granted=False, spent=spent)
            entries[entry.key] = entry
            return Reservation(granted=True, spent=spent)

        return self._change(take)

    def update(self, key: str, **changes: Any) -> None:
        """Change what is known of a key, if anything is."""

        def write(entries: dict[str, Entry]) -> None:
            if key in entries:
                entries[key] = replace(entries[key], **changes)

        self._change(write)

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
        """Drop the entries of earlier days that have ended; those of today count for the budget."""

        def drop(entries: dict[str, Entry]) -> None:
            today = self._clock().date()
            for key in [key for key, one in entries.items() if not one.active and one.started.date() != today]:
                del entries[key]

        self._change(drop)

    def _change(self, work: Callable[[dict[str, Entry]], T]) -> T:
        def change(state: Mapping[str, Any] | None) -> tuple[Mapping[str, Any], T]:
            entries = _read(state)
            result = work(entries)
            return {"entries": [to_jsonable(entry) for entry in _keep(entries)]}, result

        return self._keeper.change_state(KIND, self._account, change)


def _keep(entries: Mapping[str, Entry]) -> list[Entry]:
    """Return what is remembered: all that is under way, and the newest of the rest."""
    by_age = sorted(entries.values(), key=lambda entry: (entry.active, entry.started))
    return by_age[-MOST_ENTRIES:]


def _read(state: Mapping[str, Any] | None) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for document in (state or {}).get("entries", ()):
        try:
            entry = _rebuild(document)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            _log.warning("errclass.agent_run_unreadable: %s", error)
        else:
            found[entry.key] = entry
    return found


def _rebuild(document: Mapping[str, Any]) -> Entry:
    known = {one.name for one in fields(Entry)}
    values = {name: value for name, value in document.items() if name in known}
    values["started"] = datetime.fromisoformat(values["started"])
    values["ended"] = datetime.fromisoformat(values["ended"]) if values.get("ended") else None
    values["pull_requests"] = tuple(values.get("pull_requests", ()))
    values["fates"] = tuple((str(url), str(fate)) for url, fate in values.get("fates", ()))
    return Entry(**values)
