"""Settings of the outcome store."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, field_validator

from ...core.durations import parse_duration
from ...core.errors import UsageError


class OutcomeSettings(BaseModel):
    """How long outcomes are kept."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    retention: str | None = None
    """Age beyond which ``errclass outcomes prune`` drops them, such as ``365d``; nothing is dropped without it."""

    @field_validator("retention")
    @classmethod
    def _check_span(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                parse_duration(value)
            except UsageError as error:
                raise ValueError(str(error)) from error
        return value
