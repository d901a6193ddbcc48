"""What listeners hear: events of retries and of breakers."""

from __future__ import annotations

from collections.abc import Callable

from ..breaker import BreakerEvent
from ..retry import RetryEvent

Event = RetryEvent | BreakerEvent
Listener = Callable[[Event], None]
