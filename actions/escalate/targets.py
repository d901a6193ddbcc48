"""Who or what a failure is handed to, and how patiently."""

from __future__ import annotations

from typing import Final

TARGETS: Final = ("codegen", "manual", "system_reset", "environment_reset", "notification", "auto_recovery")
"""The kinds of escalation."""
CHANGING: Final = frozenset({"codegen", "system_reset", "environment_reset", "auto_recovery"})
"""Those that change something, for which a plan may ask a person's consent."""
RESUMABLE: Final = frozenset({"codegen", "manual", "notification"})
"""Those that may be begun again after a crash: what they send carries the escalation's id, and is known by it."""
RETRIES: Final = {
    "codegen": 2,
    "manual": 1,
    "system_reset": 1,
    "environment_reset": 2,
    "notification": 3,
    "auto_recovery": 3,
}
"""Calls of a handler after its first one failed."""
