"""Spans of OpenTelemetry, in programs that are set up for it; in all others they cost nothing."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self

_log = logging.getLogger("errclass")
Attributes = Mapping[str, str | bool | int | float | None]


class Span:
    """A span that nobody sees."""

    def tell(self, read: Callable[[], Attributes]) -> None:
        """Add attributes, which are read only where somebody sees them; those that are None are left out."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass


_UNSEEN = Span()


def open_span(name: str, *, serves: bool = False) -> Span:
    """Return a span for a block; ``serves``: it answers somebody else's request.

    OpenTelemetry is not imported here: where the program has not done so, nobody can have set it up. Attributes never
    hold texts of failures, and an exception only its type.
    """
    api = sys.modules.get("opentelemetry.trace")
    if api is None:
        return _UNSEEN
    try:
        kind = api.SpanKind.SERVER if serves else api.SpanKind.INTERNAL
        # The text of an exception may hold secrets.
        return _SeenSpan(
            api.get_tracer("errclass").start_as_current_span(
                name, kind=kind, record_exception=False, set_status_on_exception=False
            )
        )
    except Exception:  # noqa: BLE001 - the rim: whoever traces must not keep anybody from an answer
        return _tell_fault()


class _SeenSpan(Span):
    def __init__(self, manager: Any) -> None:
        self._manager = manager
        self._span: Any = None

    def tell(self, read: Callable[[], Attributes]) -> None:
        try:
            if self._span is not None and self._span.is_recording():
                self._span.set_attributes({name: value for name, value in read().items() if value is not None})
        except Exception:  # noqa: BLE001 - likewise
            _tell_fault()

    def __enter__(self) -> Self:
        try:
            self._span = self._manager.__enter__()
        except Exception:  # noqa: BLE001 - likewise
            self._manager = _UNSEEN
            _tell_fault()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self.tell(lambda: {"error.type": kind.__qualname__})
        try:
            self._manager.__exit__(None, None, None)
        except Exception:  # noqa: BLE001 - likewise
            _tell_fault()


def _tell_fault() -> Span:
    _log.warning("errclass.tracing_failed", exc_info=True)
    return _UNSEEN
