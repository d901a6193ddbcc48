"""Retries that do not wait, for tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ..actions.retry import RetryMode, use_mode
from ..core.errors import UsageError


@contextmanager
def quick_retries(attempts: int | None = None) -> Iterator[None]:
    """Keep all retries of this process from waiting until the block ends, in all threads and tasks.

    ``attempts`` limits the calls in all, the first included; a retry that was told fewer makes no more for it. As a
    fixture of pytest: ``with quick_retries(attempts=2): yield``. Raises UsageError below 1.
    """
    if attempts is not None and attempts < 1:
        raise UsageError(f"attempts: at least 1 call has to be made, not {attempts}")
    with use_mode(RetryMode(attempts=attempts, sleeps=False)):
        yield
