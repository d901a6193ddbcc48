"""What is to be handled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...actions.breaker import UNNAMED
from ...core.masking import mask_secrets
from ...core.types import Context, Failure
from .deadline import Deadline


class ToldError(Exception):
    """Stand for a failure of which only its text was told."""


@dataclass(frozen=True, slots=True)
class HandlingOrder:
    """Hold a failed call, and what may be done about it."""

    error: Exception
    """What the operation raised."""
    failure: Failure
    """What is known of it, with its logs; its context is ``context``."""
    context: Context
    """With an operation id."""
    deadline: Deadline
    operation: Callable[[], Any] | None = None
    """Calls it again; None where the caller does that."""
    work: Path | None = None
    """The folder in which it failed; without it nothing is recovered."""
    hands_off: bool = False
    """Whether nothing may be run, recovered or reset on this machine."""

    @property
    def name(self) -> str:
        """What breaker, budget and messages call the operation."""
        return mask_secrets(self.context.operation or UNNAMED)

    @property
    def is_run_again(self) -> bool:
        """Whether we may call it: what is irreversible is never called twice."""
        return self.operation is not None and not self.hands_off and self.context.effect != "irreversible"
