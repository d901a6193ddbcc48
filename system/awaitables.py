"""Results that have to be awaited, where nobody does."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

from ..core.errors import UsageError

P = ParamSpec("P")
T = TypeVar("T")


def refuse_awaitables(function: Callable[P, T]) -> Callable[P, T]:
    """Return the function as one that raises UsageError in place of a result that has to be awaited.

    It has not failed and has not succeeded yet: whoever called it again would not see its error.
    """

    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        result = function(*args, **kwargs)
        if _is_awaitable(type(result)):
            _refuse(result)
        return result

    return call


def _has_await(kind: type) -> bool:
    """Say it of the type: an object may answer to any name."""
    return hasattr(kind, "__await__")


_is_awaitable = cast("Callable[[type], bool]", functools.lru_cache(maxsize=256)(_has_await))
"""Kept, for a program's calls return few types, and ``hasattr`` is slow where it says no."""


def _refuse(result: Any) -> None:
    kind = type(result).__name__
    if inspect.iscoroutine(result):
        result.close()  # else Python warns that nobody awaited it
    raise UsageError(
        f"the function returned a {kind}, which has to be awaited, so that its errors would go unseen; "
        "await it in an async def, and decorate that or give it to aexecute_with_retry"
    )
