"""The outcome store: there or possible, taking writes, whole, of a schema that is known, its owner's only."""

from __future__ import annotations

import tempfile
from pathlib import Path

from ...core.errors import StoreError
from ...outcomes import Store, StoreCondition, is_address
from ..settings import Settings
from ..wiring import name_store
from .check import Check
from .finding import Finding, sum_up
from .looking import look_safely
from .permissions import find_exposed
from .store_view import can_be_read

_PROBE_BYTES = 4096
_SECONDS = 40.0
"""A writer may wait for the inbox for 30 s, and that is no fault."""
_ADVICE = "see who holds it with errclass doctor --only locks, or set ERRCLASS_STORE to another place"


def check_store(settings: Settings) -> Check:
    """Look at the outcome store, and really write to it and read that back; nothing of it stays."""
    return look_safely("store", lambda: _look(settings), advice=_ADVICE, seconds=_SECONDS)


def _look(settings: Settings) -> Check:
    store = name_store(settings)
    with store:
        condition = store.examine()
        if not condition.exists:
            return _tell_absent(store, condition)
        if can_be_read(condition):
            store.probe()
        else:
            _try_place(store)
    findings = [*_tell_busy(condition), *_find_exposed(settings.store)]
    return sum_up("store", _describe(store, condition), findings, _detail(store, condition))


def _tell_absent(store: Store, condition: StoreCondition) -> Check:
    _try_place(store)
    message = f"{store.place}: nothing was recorded yet; the first record makes it"
    return sum_up("store", message, details=_detail(store, condition))


def _try_place(store: Store) -> None:
    """Write a file where the store is or would be made, and remove it; raise StoreError where that is not possible."""
    if is_address(store.place):
        return
    folder = Path(store.place)
    place = next((one for one in (folder, *folder.parents) if one.exists()), folder)
    try:
        with tempfile.TemporaryFile(dir=place) as file:
            file.write(b"\0" * _PROBE_BYTES)
            file.flush()
    except OSError as error:
        reason = error.strerror or str(error)
        advice = "make it writable and free space, or set ERRCLASS_STORE to another place"
        raise StoreError(f"the outcome store {folder} cannot be written: {place}: {reason}; {advice}") from error


def _tell_busy(condition: StoreCondition) -> list[Finding]:
    if not condition.busy:
        return []
    advice = "run this again when it is done; records and decisions go on meanwhile"
    return [Finding("warning", f"the history could not be looked at: {condition.busy}", advice)]


def _find_exposed(place: str) -> list[Finding]:
    folder = Path(place)
    return [] if is_address(place) or not folder.is_dir() else find_exposed(folder, sorted(folder.iterdir()))


def _describe(store: Store, condition: StoreCondition) -> str:
    schemas = ", ".join(f"{part} schema {versions.found}" for part, versions in condition.schemas.items())
    taken = "takes writes" if can_be_read(condition) else "is brought to this version's schema by the next write"
    return f"{store.place} {taken}; {condition.size_bytes / 1e6:.1f} MB, {condition.engine}, {schemas}"


def _detail(store: Store, condition: StoreCondition) -> dict[str, object]:
    return {
        "place": store.place,
        "exists": condition.exists,
        "engine": condition.engine,
        "size_bytes": condition.size_bytes,
        "schemas": {
            part: {"found": versions.found, "known": versions.known} for part, versions in condition.schemas.items()
        },
        "busy": bool(condition.busy),
    }
