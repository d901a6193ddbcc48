"""Settings of recoveries."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from ...actions.recover import Mode


class RecoverySettings(BaseModel):
    """How far a recovery may go, and which recipes there are."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    autonomy: Mode = "ask"
    """``off``: none at all; ``suggest``: only the plan; ``ask``: after a person agreed; ``auto``: by itself."""
    by_environment: dict[str, Mode] = {}
    """Takes the place of ``autonomy`` in an environment."""
    by_type: dict[str, Mode] = {}
    """Lowers it for a type of failure."""
    allow: tuple[str, ...] | None = None
    """Names of recipes that may run; all without it."""
    recipes: tuple[Path, ...] = ()
    """Folders of recipes laid over the shipped ones, in this order."""
    timeout: float = Field(default=1800.0, gt=0, le=86_400)
    """Seconds for all steps of one recovery together."""
