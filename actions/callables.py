"""What can be decorated, and what of it makes a coroutine."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

from ..core.errors import UsageError


def makes_coroutine(function: Callable[..., Any]) -> bool:
    """Say whether a call makes a coroutine, of an object with such a ``__call__`` or a partial too."""
    return any(inspect.iscoroutinefunction(body) for body in _find_bodies(function))


def refuse_undecoratable(function: Any, advice: str) -> None:
    """Raise UsageError for what a wrapper around the call would get wrong; ``advice`` is for generators."""
    if isinstance(function, classmethod | staticmethod):
        kind = type(function).__name__
        raise UsageError(f"this decorates functions, not a {kind}: put it under @{kind}, next to the function")
    if not callable(function):
        raise UsageError(f"this decorates functions, not {type(function).__name__} objects")
    if any(inspect.isgeneratorfunction(body) or inspect.isasyncgenfunction(body) for body in _find_bodies(function)):
        raise UsageError(f"{_name(function)} is a generator, whose call runs nothing of it yet; {advice}")


def _find_bodies(function: Any) -> tuple[Any, Any]:
    """Return what may be the function that runs: itself, and the ``__call__`` of its class."""
    while isinstance(function, functools.partial):
        function = function.func
    return function, type(function).__call__


def _name(function: Any) -> str:
    return str(getattr(function, "__qualname__", type(function).__qualname__))


def name_function(function: Callable[..., Any]) -> str:
    """Return the name of a function, of that within a partial, or of an object's class."""
    inner: Any = function
    while isinstance(inner, functools.partial):
        inner = inner.func
    named = inner if isinstance(getattr(inner, "__qualname__", None), str) else type(inner)
    return ".".join(filter(None, (named.__module__, named.__qualname__)))
