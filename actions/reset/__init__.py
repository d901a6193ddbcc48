"""Environment reset: a work folder back to a known state, with a backup of what was the user's own."""

from __future__ import annotations

from .backups import Backup
from .environment_reset import ActiveReset, EnvironmentReset
from .levels import ResetKind, choose_reset
from .results import ResetOutcome, ResetResult
from .statistics import ResetStatistics

__all__ = [
    "ActiveReset",
    "Backup",
    "EnvironmentReset",
    "ResetKind",
    "ResetOutcome",
    "ResetResult",
    "ResetStatistics",
    "choose_reset",
]
