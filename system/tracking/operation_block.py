"""A block of code that is an operation: it ends with the block."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
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
        return await asyncio.to_thread(self.__enter__)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self.__exit__, kind, error, trace)


def _is_good_exit(error: BaseException | None) -> bool:
    return isinstance(error, SystemExit) and not error.code
