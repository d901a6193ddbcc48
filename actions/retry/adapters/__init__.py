"""Our decisions at the edges of other libraries, which are imported when an adapter is made and not before."""

from __future__ import annotations

from .backoff_giveup import BackoffGiveup
from .httpx_transport import AsyncRetryTransport, RetryTransport
from .responses import HTTP_POLICY, RETRIED_STATUSES, BadResponseError
from .stamina_hook import StaminaHook
from .tenacity_strategies import TenacityStrategies

__all__ = [
    "HTTP_POLICY",
    "RETRIED_STATUSES",
    "AsyncRetryTransport",
    "BackoffGiveup",
    "BadResponseError",
    "RetryTransport",
    "StaminaHook",
    "TenacityStrategies",
]
