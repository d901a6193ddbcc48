"""Guards within guards: the outermost one handles a failure, the others pass it on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

NOT_GUARDED: list[bool] = []
guarded: ContextVar[list[bool]] = ContextVar("errclass_guarded", default=NOT_GUARDED)
"""Holds a list with something in it while a guard runs around the code of this thread or task.

It is emptied when that call is over, since tasks that were started within it, and live on, keep what they inherited.
"""


@contextmanager
def guard_within() -> Iterator[None]:
    """Have guards within pass their failures on: whoever calls handles them."""
    scope = [True]
    token = guarded.set(scope)
    try:
        yield
    finally:
        scope.clear()
        guarded.reset(token)
