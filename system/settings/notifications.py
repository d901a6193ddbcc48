"""Settings of notifications."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, field_serializer, model_validator

HIDDEN = "***"
"""Stands for the value of any option of a channel."""


class MaintenanceSettings(BaseModel):
    """A time in which notifications are held; a digest tells them afterwards."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    start: AwareDatetime
    end: AwareDatetime
    environment: str | None = None
    """Only notifications of this environment; all without it."""
    operation: str | None = None
    channel: str | None = None

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        if self.end <= self.start:
            raise ValueError("a maintenance must end after it starts")
        return self


class NotificationSettings(BaseModel):
    """Whom to tell, and how much; see docs/notifications.md."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    channels: Mapping[str, Mapping[str, Any]] = Field(default_factory=dict, repr=False)
    """Options of each channel by its name, such as ``notifications.channels.slack.webhook_url``."""
    limit: int = Field(default=10, ge=0, le=10_000)
    """Messages to one channel of one priority within ``window``, digests included; 0: any number."""
    window: float = Field(default=300.0, gt=0, le=86_400)
    """Seconds of the window for ``limit``."""
    digest_every: float = Field(default=60.0, gt=0, le=86_400)
    """Seconds that what does not go at once waits for a digest."""
    repeat_window: float = Field(default=900.0, gt=0, le=86_400)
    """Seconds within which the same again is only counted."""
    maintenance: tuple[MaintenanceSettings, ...] = ()
    """Times in which notifications are held: tables with ``start``, ``end``, ``environment``, ``operation``,
    ``channel``."""

    @field_serializer("channels", when_used="json")
    def _hide_options(self, channels: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, str]]:
        return {name: dict.fromkeys(options, HIDDEN) for name, options in channels.items()}
