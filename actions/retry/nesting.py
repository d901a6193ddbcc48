"""Retries within retries: the outermost one tries again, the others call once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token

inside: ContextVar[list[bool]] = ContextVar("errclass_retrying")
"""Holds a list with something in it while another executor's attempt runs around the code of this thread or task.

It is emptied when that call is over, since tasks that were started within it, and live on, keep what they inherited.
"""


def is_nested(token: Token[list[bool]] | None) -> bool:
    """Say whether, when ``token`` was made by setting ``inside``, an attempt ran around that still does."""
    if token is None:
        return False
    around = token.old_value
    return around is not Token.MISSING and bool(around)


@contextmanager
def entered(*, retries: bool) -> Iterator[bool]:
    """Have what runs within call once, unless we do not retry; yields whether an attempt of another runs around."""
    scope = [True]
    token = inside.set(scope) if retries else None
    try:
        yield is_nested(token)
    finally:
        scope.clear()
        if token is not None:
            inside.reset(token)
