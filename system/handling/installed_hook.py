"""Hooks of the interpreter and of event loops, set up and taken back."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from .background_handling import BackgroundHandling
from .error_text import describe_object
from .handled_errors import is_handled, mark_handled

if TYPE_CHECKING:
    from .error_handling_system import ErrorHandlingSystem

_CAPACITY = 100
LAST_SECONDS = 5.0
"""What a program that ends for an error nobody caught waits for its being handled."""


class InstalledHook:
    """Take a hook back with ``uninstall``, or at the end of a ``with`` block.

    Where somebody has put another one over it meanwhile, that one stays, and ours does nothing but call the one before.
    """

    def __init__(self, take_back: Callable[[float], object]) -> None:
        self._take_back: Callable[[float], object] | None = take_back

    def uninstall(self, seconds: float = LAST_SECONDS) -> None:
        """Take it back, and handle what it was told, for at most so many seconds; does nothing the second time."""
        take_back, self._take_back = self._take_back, None
        if take_back is not None:
            take_back(seconds)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.uninstall()


def install_excepthook(system: ErrorHandlingSystem) -> InstalledHook:
    """Handle the error that ends the program, once whoever was there before has shown it."""
    before, active = sys.excepthook, [True]

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        try:
            before(kind, error, trace)
        finally:
            if active and _is_new(error):
                system.handle_error(error, {"source": "sys.excepthook"}, timeout=LAST_SECONDS)

    def take_back(_: float) -> None:
        active.clear()
        if sys.excepthook is hook:
            sys.excepthook = before

    sys.excepthook = hook
    return InstalledHook(take_back)


def install_threading_hook(system: ErrorHandlingSystem) -> InstalledHook:
    """Handle the error that ends a thread, in that thread, once whoever was there before has shown it."""
    before, active = threading.excepthook, [True]

    def hook(args: threading.ExceptHookArgs) -> None:
        try:
            before(args)
        finally:
            if active and args.exc_value is not None and _is_new(args.exc_value):
                name = args.thread.name if args.thread else ""
                system.handle_error(args.exc_value, {"source": "threading.excepthook", "thread": name})

    def take_back(_: float) -> None:
        active.clear()
        if threading.excepthook is hook:
            threading.excepthook = before

    threading.excepthook = hook
    return InstalledHook(take_back)


def install_loop_handler(system: ErrorHandlingSystem, loop: asyncio.AbstractEventLoop | None = None) -> InstalledHook:
    """Handle in the background what an event loop has nobody else to tell; ``loop`` None: the running one."""
    chosen = loop or asyncio.get_running_loop()
    before, background = chosen.get_exception_handler(), BackgroundHandling(system, _CAPACITY)

    def handler(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if before is None:
            loop.default_exception_handler(context)
        else:
            before(loop, context)
        error = context.get("exception")
        if isinstance(error, Exception) and not is_handled(error):
            said = {"source": "asyncio", "logged": describe_object(context.get("message", ""))}
            if background.put(error, said):
                mark_handled(error)

    def take_back(seconds: float) -> None:
        if chosen.get_exception_handler() is handler:
            chosen.set_exception_handler(before)
        background.close(seconds)

    chosen.set_exception_handler(handler)
    return InstalledHook(take_back)


def _is_new(error: BaseException) -> bool:
    """Tell whether it is to be handled, and remember that it was."""
    if not isinstance(error, Exception) or is_handled(error):
        return False
    mark_handled(error)
    return True
