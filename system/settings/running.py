"""Settings of ``errclass run``."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class RunSettings(BaseModel):
    """What ``errclass run`` does besides running a command; see ``docs/run.md``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    notify: bool = False
    """Whether people are told of a run that failed for good, and when it works again; as ``--notify``."""
