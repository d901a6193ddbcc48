"""Locks: who holds the history, the home and work folders just now."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from ...actions.recover.interrupted import LOCKS
from ...outcomes import is_address
from ..recovering import FOLDER
from ..settings import Settings
from .check import Check
from .file_locks import find_holders
from .finding import sum_up
from .looking import look_safely

_ADVICE = "run it again"


def check_locks(settings: Settings) -> Check:
    """Tell which processes hold a lock; one that is held is no fault, and each ends with its process."""
    return look_safely("locks", lambda: _look(settings), advice=_ADVICE)


def _look(settings: Settings) -> Check:
    holders = find_holders([path for path, _ in _list_locks(settings)])
    if holders is None:
        return sum_up("locks", "this system does not tell who holds a lock")
    held = {str(path): holders[path] for path, _ in _list_locks(settings) if path in holders}
    told = [f"{what} by {_name(holders[path])}" for path, what in _list_locks(settings) if path in holders]
    return sum_up("locks", f"held: {', '.join(told)}" if told else "none is held", details=held)


def _list_locks(settings: Settings) -> Iterator[tuple[Path, str]]:
    if not is_address(settings.store):
        yield Path(settings.store) / "outcomes.duckdb", "the history"
        yield Path(settings.store) / "merge.lock", "the right to merge"
    yield settings.home, "the home"
    for path in sorted((settings.home / FOLDER / LOCKS).glob("*.lock")):
        yield path, "a work folder, for a recovery,"


def _name(processes: list[int]) -> str:
    return " and ".join(f"{_name_program(number)} ({number})" for number in processes)


def _name_program(number: int) -> str:
    if number == os.getpid():
        return "this process"
    try:
        return Path(f"/proc/{number}/comm").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return "a process elsewhere"
