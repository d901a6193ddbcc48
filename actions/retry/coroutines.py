"""Which functions have to be awaited, and which cannot be called again at all."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any


def is_async(function: Callable[..., Any]) -> bool:
    """Say whether its result has to be awaited, as of a coroutine function, a partial of one, or such an object."""
    return any(map(inspect.iscoroutinefunction, _list_forms(function)))


def is_generator(function: Callable[..., Any]) -> bool:
    """Say whether it yields, at once or in a task."""
    return any(inspect.isgeneratorfunction(form) or inspect.isasyncgenfunction(form) for form in _list_forms(function))


def unwrap_partials(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function within ``functools.partial`` objects."""
    while isinstance(function, functools.partial):
        function = function.func
    return function


def _list_forms(function: Callable[..., Any]) -> tuple[Any, ...]:
    """Return the function itself, and the method that calls it where it is an object."""
    inner = unwrap_partials(function)
    return (inner, type(inner).__call__) if callable(inner) else (inner,)
