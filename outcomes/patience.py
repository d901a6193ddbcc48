"""How long the code of this thread or task waits for a store that others hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

BUSY_SECONDS = 30.0
LEAST_SECONDS = 1.0
"""Less than this would lose records to nothing but others that record too."""

_find_left: ContextVar[Callable[[], float | None] | None] = ContextVar("errclass_store_patience", default=None)


@contextmanager
def limited_patience(find_left: Callable[[], float | None]) -> Iterator[None]:
    """Have stores be waited for only as long as ``find_left`` says, in seconds, and one second at least.

    It is asked before each use of a store; None says that there is no limit but the usual one of 30 s.
    """
    token = _find_left.set(find_left)
    try:
        yield
    finally:
        _find_left.reset(token)


def find_patience() -> float:
    """Return how many seconds to wait."""
    find_left = _find_left.get()
    left = None if find_left is None else find_left()
    return BUSY_SECONDS if left is None else min(max(left, LEAST_SECONDS), BUSY_SECONDS)
