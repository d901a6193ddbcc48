"""A block of code whose failure is handled as it leaves the block."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeGuard

from .function_guard import note_end
from .guarding import guarded
from .handled_errors import is_handled

if TYPE_CHECKING:
    from ...core.types import Context
    from .error_handling_system import ErrorHandlingSystem
    from .handling_result import HandlingResult


class WatchedBlock:
    """Handle what a block raises, and let it be raised: a block cannot be run again, so the caller may.

    ``async with`` does the same without holding up other tasks.
    """

    def __init__(
        self, system: ErrorHandlingSystem, context: Context | Mapping[str, Any] | None, options: Mapping[str, Any]
    ) -> None:
        self._system, self._context, self._options = system, context, options
        self.result: HandlingResult | None = None
        """What became of the failure; None while there is none."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if _is_ours(error):
            self.result = self._system.handle_error(error, self._context, **self._options)
            note_end(error, self.result)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if _is_ours(error):
            self.result = await self._system.ahandle_error(error, self._context, **self._options)
            note_end(error, self.result)


def _is_ours(error: BaseException | None) -> TypeGuard[Exception]:
    return isinstance(error, Exception) and not guarded.get() and not is_handled(error)
