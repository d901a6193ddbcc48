"""A block of code that is an operation: it ends with the block."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextvars import copy_context
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from ..failure_tracking import FailureTracking
    from .tracked_events import Error


class OperationBlock:
    """Track what a block does, and let through what it raises.

    ``async with`` does the same without holding up other tasks.
    """

    def __init__(
        self, tracking: FailureTracking, is_open: Callable[[str], bool], operation: str, context: Mapping[str, Any]
    ) -> None:
        self._tracking, self._is_open = tracking, is_open
        self._operation, self._context = operation, context
        self.id = ""
        """The id of the operation, which the methods of ``FailureTracking`` take; empty before the block."""

    def record_failure(self, error: Error) -> None:
        """Record that the call failed; where no other comes after it, the operation has failed with the block."""
        self._tracking.record_failure(self.id, error, final=False)

    def record_retry(self, *, unchanged: bool = True) -> None:
        """Record that the operation is called again."""
        self._tracking.record_retry(self.id, unchanged=unchanged)

    def __enter__(self) -> Self:
        self.id = self._tracking.start_operation(self._operation, **self._context)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._is_open(self.id):  # not ended by hand within
            self._tracking.end_operation(self.id, None if _is_good_exit(error) else error)

    async def __aenter__(self) -> Self:
        # The thread goes on whatever is cancelled; the end of a loop cancels tasks, of which this is none.
        entry = asyncio.get_running_loop().run_in_executor(None, copy_context().run, self.__enter__)
        try:
            return await asyncio.shield(entry)
        except asyncio.CancelledError as error:
            await asyncio.shield(asyncio.ensure_future(self._undo(entry, error)))
            raise

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self.__exit__, kind, error, trace)

    async def _undo(self, entry: asyncio.Future[Self], error: asyncio.CancelledError) -> None:
        """End what has begun, or still does, though there will be no block."""
        await asyncio.wait([entry])
        if entry.exception() is None:
            await self.__aexit__(type(error), error, error.__traceback__)


def _is_good_exit(error: BaseException | None) -> bool:
    return isinstance(error, SystemExit) and not error.code
