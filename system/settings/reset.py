"""Settings of resets of the environment."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class ResetSettings(BaseModel):
    """What a reset of the environment may take away; how far it may go by itself is ``recovery.autonomy``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    allow_destructive: bool = False
    """Whether uncommitted changes and untracked files may go; they are kept in a backup."""
    preserve_user_data: bool = True
    """Whether user data (``.env``, databases, keys) stays even then."""
