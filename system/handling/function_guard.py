"""A guard around a function: nothing but the call while it succeeds, and its failure handled where it does not."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, cast

from ...actions.callables import makes_coroutine
from ...actions.retry.nesting import inside
from .error_text import describe_object
from .guarding import guarded
from .handled_errors import mark_handled

if TYPE_CHECKING:
    from .error_handling_system import ErrorHandlingSystem
    from .handling_result import HandlingResult

P = ParamSpec("P")
T = TypeVar("T")


class FunctionGuard:
    """Wrap functions and coroutine functions; ``options`` are those of ``handle_error``.

    As with retries, what runs within calls once: the guard decides whether it is called again. Where the operation is
    irreversible it never is, and retries within are let be.
    """

    def __init__(self, system: ErrorHandlingSystem, context: Mapping[str, Any], options: Mapping[str, Any]) -> None:
        self._system, self._context, self._options = system, context, options
        self._calls_again = context.get("effect") != "irreversible"

    def wrap(self, function: Callable[P, T]) -> Callable[P, T]:
        """Return the guarded function."""
        if makes_coroutine(function):
            wrapped = cast("Callable[P, T]", self._wrap_coroutine(cast("Callable[P, Awaitable[Any]]", function)))
        else:
            wrapped = self._wrap_function(function)
        functools.update_wrapper(wrapped, function)
        return wrapped

    def _wrap_function(self, function: Callable[P, T]) -> Callable[P, T]:
        calls_again, context, options = self._calls_again, self._context, self._options

        def call(*args: P.args, **kwargs: P.kwargs) -> T:
            if guarded.get():
                return function(*args, **kwargs)
            scope = [True]
            around = guarded.set(scope)
            outer = inside.set(scope) if calls_again else None
            try:
                return function(*args, **kwargs)
            except Exception as error:  # noqa: BLE001 - raised again below, unless it is mended
                failed = error
            finally:
                scope.clear()
                guarded.reset(around)
                if outer is not None:
                    inside.reset(outer)
            again = functools.partial(function, *args, **kwargs)
            result = self._system.handle_error(failed, context, again, **options)
            try:
                return cast("T", take_result(result, failed))
            finally:
                del failed, result  # with this frame they would be garbage that only a collector finds

        return call

    def _wrap_coroutine(self, function: Callable[P, Awaitable[T]]) -> Callable[P, Coroutine[Any, Any, T]]:
        calls_again, context, options = self._calls_again, self._context, self._options

        async def call(*args: P.args, **kwargs: P.kwargs) -> T:
            if guarded.get():
                return await function(*args, **kwargs)
            scope = [True]
            around = guarded.set(scope)
            outer = inside.set(scope) if calls_again else None
            try:
                return await function(*args, **kwargs)
            except Exception as error:  # noqa: BLE001 - likewise
                failed = error
            finally:
                scope.clear()
                guarded.reset(around)
                if outer is not None:
                    inside.reset(outer)
            again = functools.partial(function, *args, **kwargs)
            result = await self._system.ahandle_error(failed, context, again, **options)
            try:
                return cast("T", take_result(result, failed))
            finally:
                del failed, result

        return call


def take_result(result: HandlingResult, failed: Exception) -> Any:
    """Return what the operation returned in the end; raise its own first error, with a note, where it did not."""
    if result.success:
        return result.result
    note_end(failed, result)
    try:
        raise failed
    finally:
        del failed, result


def note_end(failed: BaseException, result: HandlingResult) -> None:
    """Say beside an error what became of it."""
    mark_handled(failed)
    decision = result.decision
    named = f" (decision {decision.decision_id})" if decision and decision.decision_id else ""
    with suppress(Exception):  # a stranger's object may refuse it
        failed.add_note(f"errclass: {result.message}{_describe_last(failed, result.error)}{named}")


def _describe_last(failed: BaseException, last: BaseException | None) -> str:
    """Return what the last call raised, where that is something else than the first."""
    if last is None or (type(last) is type(failed) and describe_object(last) == describe_object(failed)):
        return ""
    return f"; its last error was {type(last).__name__}: {describe_object(last)}"
