"""Calls that succeeded at once: noted in a file, and taken into the store by whoever opens it next.

Opening the store takes longer than many commands do, and a process left behind for it would compete with the next one.
A note is a line of JSON in ``ERRCLASS_HOME``; there is one file for each store that ``ERRCLASS_STORE`` may name.
"""

from __future__ import annotations

import json
import os
import sys
import zlib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ...core.happenings import Attempt
    from ...outcomes import Store
    from ..settings import Settings

MOST_BYTES = 16 << 20
"""Of one file; where nobody ever opens the store, notes are left out beyond that."""
_TAKING = ".taking"
_CHUNK = 500


def leave_note(document: Mapping[str, Any], environ: Mapping[str, str]) -> None:
    """Note a call; that it cannot be noted costs its result nothing."""
    try:
        path = _name_file(find_home(environ), environ)
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            if os.fstat(file).st_size < MOST_BYTES:
                os.write(file, json.dumps(dict(document)).encode() + b"\n")  # in one write, so that lines stay whole
        finally:
            os.close(file)
    except (OSError, TypeError, ValueError):
        pass


def take_notes(settings: Settings, store: Store, environ: Mapping[str, str]) -> int:
    """Take what was noted for this store into it and return how many calls that were; raise StoreError."""
    path = _name_file(str(settings.home), environ)
    taken = path + _TAKING
    # What a process left that ended while it took notes: each has an id, and is not counted twice.
    for source in (taken, path):
        if os.path.exists(source):
            os.replace(source, f"{taken}.{os.getpid()}")
            return _take_file(f"{taken}.{os.getpid()}", settings, store) + take_notes(settings, store, environ)
    return 0


def _take_file(path: str, settings: Settings, store: Store) -> int:
    from ...outcomes import attempt_events

    attempts = list(_read_file(path, settings)) if settings.enable.tracking else []
    try:
        for start in range(0, len(attempts), _CHUNK):
            store.add_events(event for attempt in attempts[start : start + _CHUNK] for event in attempt_events(attempt))
    except BaseException:
        os.replace(path, path.rpartition(".")[0])
        raise
    os.unlink(path)
    return len(attempts)


def _read_file(path: str, settings: Settings) -> Iterator[Attempt]:
    with open(path, encoding="utf-8", errors="replace") as file:
        for line in file:
            try:
                yield _read_note(json.loads(line), settings)
            except (ValueError, TypeError, KeyError, OverflowError):  # a line that a full disk cut short
                continue


def _read_note(note: Mapping[str, Any], settings: Settings) -> Attempt:
    from dataclasses import replace
    from datetime import UTC, datetime

    from ...core.frozen import FrozenDict
    from ...core.happenings import Attempt
    from ..contexts import make_context

    fields = dict(note["context"])
    fields["metadata"] = FrozenDict(fields.get("metadata", {}))
    return Attempt(
        str(note["id"]),
        success=True,
        context=replace(make_context(settings), **fields),
        started=datetime.fromtimestamp(note["started"], UTC),
        ended=datetime.fromtimestamp(note["ended"], UTC),
    )


def _name_file(home: str, environ: Mapping[str, str]) -> str:
    """Return the file's name, which does not show the address that it stands for."""
    return os.path.join(home, f"calls-{zlib.crc32(os.fsencode(environ.get('ERRCLASS_STORE', ''))):08x}.jsonl")


def find_home(environ: Mapping[str, str]) -> str:
    """Return the home as the settings do, without loading what they need on Linux."""
    if home := environ.get("ERRCLASS_HOME"):
        return os.path.abspath(os.path.expanduser(home))
    platform: str = sys.platform
    if platform == "linux":
        data = environ.get("XDG_DATA_HOME", "")
        return os.path.join(data if data.strip() else os.path.expanduser("~/.local/share"), "errclass")
    from platformdirs import user_data_dir

    return user_data_dir("errclass", appauthor=False)
