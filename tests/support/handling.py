"""A system of a test's own, and operations that fail as they are told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from errclass import ErrorHandlingSystem, HandlingResult
from errclass.outcomes import Store
from errclass.testing import RecordingChannel

REFUSED = "connect ETIMEDOUT 203.0.113.7:443"
BROKEN = "ModuleNotFoundError: No module named 'left_pad'"
IDEMPOTENT = {"operation": "deploy", "effect": "idempotent"}
RECIPE = {
    "title": "Mend it",
    "purpose": "reinstall_dependencies",
    "fits": {"types": ["dependency"]},
    "touches": {"mended": "aside"},
    "steps": [{"run": ["touch", "mended"]}],
    "check": [{"run": ["test", "-e", "mended"]}],
    "cost": 1,
    "effect": "reversible",
}


def refuse() -> ConnectionError:
    """Return an error after which another call helps."""
    return ConnectionError(REFUSED)


class Flaky:
    """Fail so often, then return ``value``."""

    def __init__(
        self, failures: int, value: object = "deployed", make_error: Callable[[], BaseException] = refuse
    ) -> None:
        self.failures, self.value, self._make_error = failures, value, make_error
        self.calls = 0

    def __call__(self) -> Any:
        self.calls += 1
        if self.calls <= self.failures:
            raise self._make_error()
        return self.value

    async def acall(self) -> Any:
        """Do the same as a coroutine."""
        return self()


@contextmanager
def open_system(home: Path, *, hands_off: bool = False, **config: Any) -> Iterator[ErrorHandlingSystem]:
    """Yield a system with a home of its own, and stop it; names of settings have ``__`` for a dot."""
    values = {name.replace("__", "."): value for name, value in config.items()}
    system = ErrorHandlingSystem({"home": str(home), **values}, hands_off=hands_off)
    try:
        yield system
    finally:
        system.stop()


def listen(system: ErrorHandlingSystem, name: str = "slack") -> RecordingChannel:
    """Return a channel that keeps what people are told."""
    channel = RecordingChannel(name)
    system.acting.notifying.system.register_channel(channel)
    return channel


def list_told(system: ErrorHandlingSystem) -> list[dict[str, Any]]:
    """Return what was to be told, oldest first, as it was queued."""
    entries = system.acting.notifying.system.get_history()
    return [dict(entry.document) for entry in reversed(entries)]


def count_stored(home: Path) -> dict[str, int]:
    """Return how many failures and calls are stored."""
    with Store(home / "store") as store:
        stats = store.stats()
    return {"failures": stats.outcomes, "calls": stats.calls}


def list_kinds(result: HandlingResult) -> list[tuple[str, bool]]:
    """Return what was tried, and whether it helped."""
    return [(step.kind, step.success) for step in result.steps]
