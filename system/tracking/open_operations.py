"""The operations that go on: which call each is at."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from datetime import datetime

from ...core.errors import UsageError
from ...core.types import Context


@dataclass(frozen=True, slots=True)
class OpenOperation:
    """Hold how far one run of an operation is."""

    context: Context
    """Of the latest call: its number is ``attempt``."""
    running: bool = True
    """Whether that call goes on; else it has failed."""
    started: datetime | None = None
    """When it began; None where that is not known."""
    failure_id: str | None = None
    """The failure that it followed."""
    unchanged: bool = True
    """Whether nothing was changed since the call before."""

    def next_call(self, started: datetime | None, *, unchanged: bool = True) -> OpenOperation:
        """Return it at its next call."""
        context = replace(self.context, attempt=self.context.attempt + 1)
        return replace(self, context=context, running=True, started=started, unchanged=unchanged)

    def latest_call(self) -> OpenOperation:
        """Return it at the call that is told of: after a failed one it is another, of unknown beginning."""
        return self if self.running else self.next_call(None)


class OpenOperations:
    """Keep operations from their start to their end, by id; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.RLock()  # a signal handler may start one while it is held
        self._known: dict[str, OpenOperation] = {}

    def __len__(self) -> int:
        return len(self._known)

    def add(self, name: str, operation: OpenOperation) -> None:
        """Add one; raise UsageError where one of the name goes on."""
        with self._lock:
            if name in self._known:
                raise UsageError(f"operation {name!r} goes on already; end it first, or give another operation_id")
            self._known[name] = operation

    def find(self, name: str) -> OpenOperation:
        """Return one that goes on; raise UsageError where there is none of the name."""
        with self._lock:
            _check_id(name)
            if name not in self._known:
                raise UsageError(f"no operation {name!r} goes on: it was not started here, or has ended")
            return self._known[name]

    def holds(self, name: str) -> bool:
        """Tell whether one of the name goes on."""
        return name in self._known

    def put(self, name: str, operation: OpenOperation) -> None:
        """Note how far one is, unless it was ended or forgotten meanwhile."""
        with self._lock:
            if name in self._known:
                self._known[name] = operation

    def end(self, name: str) -> OpenOperation:
        """Return one and forget it; raise UsageError as ``find`` does, so that none ends twice."""
        with self._lock:
            found = self.find(name)
            del self._known[name]
            return found

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._known.clear()


def _check_id(name: object) -> None:
    if not isinstance(name, str):
        raise UsageError(f"operation_id: give the text that start_operation returned, not {type(name).__name__}")
