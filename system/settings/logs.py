"""Settings of what errclass logs."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict


class LogSettings(BaseModel):
    """What errclass says of itself in the log."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    level: Literal["debug", "info", "warning", "error"] = "warning"
    """Least level of what is logged."""
    debug: bool = False
    """Whether inner steps and faults are logged in full; counts over ``level``."""
