"""Retry: when to call again, after how long, and when to stop."""

from __future__ import annotations

from .backoff import Backoff, Jitter
from .blocks import BlockAttempt, BlockAttempts
from .budget import BudgetOptions, RetryBudget
from .events import RetryEvent, RetryScheduled, RetryStopped, RetrySucceeded, StopReason
from .executor import Executor
from .flow import Flow
from .mode import RetryMode, current_mode, use_mode
from .naps import ActiveRetry, Naps
from .policy import DEFAULT_ATTEMPTS, RetryPolicy
from .shared_budget import SharedRetryBudget
from .statistics import CallCounter, RetryStatistics
from .verdict import AttemptState, Decider, On, Verdict, decide_by

__all__ = [
    "DEFAULT_ATTEMPTS",
    "ActiveRetry",
    "AttemptState",
    "Backoff",
    "BlockAttempt",
    "BlockAttempts",
    "BudgetOptions",
    "CallCounter",
    "Decider",
    "Executor",
    "Flow",
    "Jitter",
    "Naps",
    "On",
    "RetryBudget",
    "RetryEvent",
    "RetryMode",
    "RetryPolicy",
    "RetryScheduled",
    "RetryStatistics",
    "RetryStopped",
    "RetrySucceeded",
    "SharedRetryBudget",
    "StopReason",
    "Verdict",
    "current_mode",
    "decide_by",
    "use_mode",
]
