"""Those who are told of events, whatever they make of them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TypeVar

E = TypeVar("E")

_log = logging.getLogger("errclass")


def tell_all(listeners: Iterable[Callable[[E], None]], event: E) -> None:
    """Call each listener with the event, and log what one raises."""
    for listener in listeners:
        try:
            listener(event)
        except Exception:  # noqa: BLE001 - the rim: a listener must not silence the others, nor replace the user's error
            with suppress(Exception):  # nor may the program's own log handlers
                _log.exception("errclass.listener_failed")
