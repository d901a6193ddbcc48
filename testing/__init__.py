"""Helpers for tests of programs that use errclass.

``quick_retries`` keeps retries from waiting, ``FakeClock`` stands in for the clock of a circuit breaker,
``RecordingChannel`` for a channel of notifications.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.lazy import import_lazily

if TYPE_CHECKING:
    from .clock import FakeClock
    from .quickness import quick_retries
    from .recording_channel import RecordingChannel

__all__ = ["FakeClock", "RecordingChannel", "quick_retries"]

_HOMES = {"clock": ("FakeClock",), "quickness": ("quick_retries",), "recording_channel": ("RecordingChannel",)}

if not TYPE_CHECKING:  # a type checker that saw it would take any name for a public one
    __getattr__ = import_lazily(__name__, _HOMES)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
