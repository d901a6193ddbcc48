"""What a system of retries has done, in numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..actions.breaker import BreakerStatistics
from ..actions.retry import RetryStatistics


@dataclass(frozen=True, slots=True)
class SystemStatistics:
    """Sum up what a system has done."""

    total: RetryStatistics
    by_operation: Mapping[str, RetryStatistics]
    by_type: Mapping[str, int]
    """Failed attempts by the type that they were decided to be."""
    breakers: BreakerStatistics
