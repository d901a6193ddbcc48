"""How executors behave in tests of programs: looked at only when an attempt has failed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RetryMode:
    """Override what executors were told."""

    attempts: int | None = None
    """Calls in all, at most; None: as told."""
    sleeps: bool = True
    """Whether waits are waited."""


USUAL = RetryMode()
_current = USUAL


def current_mode() -> RetryMode:
    """Return the mode of this process."""
    return _current


@contextmanager
def use_mode(mode: RetryMode) -> Iterator[None]:
    """Have all executors of this process behave so, in all threads, until the block ends."""
    global _current  # noqa: PLW0603 - it is the mode of the process
    before, _current = _current, mode
    try:
        yield
    finally:
        _current = before
