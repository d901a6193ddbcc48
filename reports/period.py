"""The span of time that a report is about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from ..core.durations import parse_duration
from ..core.errors import UsageError


@dataclass(frozen=True, slots=True)
class Period:
    """Hold a span: from ``since`` on and before ``until``."""

    since: datetime
    until: datetime

    @classmethod
    def parse(cls, text: str, now: datetime) -> Self:
        """Return the span that ends ``now`` and is as long as ``30m``, ``24h``, ``7d`` or ``2w`` says.

        Raises UsageError for anything else: an unknown window is never taken for a usual one.
        """
        if not re.fullmatch(r"\s*[0-9]+[mhdw]\s*", text):
            raise UsageError(f"{text!r} is no window; write a number and m, h, d or w, such as 24h or 7d")
        return cls(now - parse_duration(text), now)

    @property
    def length(self) -> timedelta:
        """How long it is."""
        return self.until - self.since

    @property
    def before(self) -> Self:
        """The span of the same length just before."""
        return type(self)(self.since - self.length, self.since)
