"""A call that nobody has to wait for until its end."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


def call_in_background(work: Callable[[], T]) -> Future[T]:
    """Start ``work`` as ``start_in_background`` does.

    Where the interpreter is ending and takes no thread any more, it is done before this returns.
    """
    try:
        return start_in_background(work)
    except RuntimeError:
        future: Future[T] = Future()
        _fulfil(future, work)
        return future


def start_in_background(work: Callable[[], T], *, name: str | None = None) -> Future[T]:
    """Start ``work`` in a thread of its own, which keeps no program from ending, and return what will come of it.

    Raises RuntimeError where no thread can be started.
    """
    future: Future[T] = Future()
    threading.Thread(target=_fulfil, args=(future, work), name=name, daemon=True).start()
    return future


def _fulfil(future: Future[T], work: Callable[[], T]) -> None:
    try:
        future.set_result(work())
    except BaseException as error:  # noqa: BLE001 - whoever asks for the result gets it
        future.set_exception(error)
