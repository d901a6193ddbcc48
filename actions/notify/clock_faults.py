"""What a clock that was ahead leaves behind: moments that have not been yet, which must keep nothing waiting."""

from __future__ import annotations

SKEW = 60.0
"""Seconds by which the clocks of machines that share a store may differ."""


def has_been(moment: float, now: float) -> bool:
    """Tell whether a moment that was noted can have been; if not, a clock was ahead when it was noted."""
    return moment <= now + SKEW


def is_recent(moment: float, now: float, seconds: float) -> bool:
    """Tell whether a moment was within the last ``seconds``."""
    return has_been(moment, now) and now - moment < seconds


def bound_wait(until: float, now: float, longest: float) -> float:
    """Return ``until``; ``now`` where no clock that was right can have meant to wait so long."""
    return until if has_been(until - longest, now) else now
