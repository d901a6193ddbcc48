"""Settings of reports."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,63}")


class ScheduleSettings(BaseModel):
    """A report that is made again and again, and where it goes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cron: str
    """When: minute, hour, day of the month, month, day of the week."""
    type: str = "summary"
    format: Literal["csv", "html", "json", "md", "pdf"] = "html"
    window: str = "24h"
    filters: Mapping[str, str | tuple[str, ...]] = Field(default_factory=dict)
    keep: bool = True
    """Whether it is kept, as ``errclass report --keep`` does."""
    folder: Path | None = None
    """A folder that it is written to as well, which must exist; an absolute path, or one that begins with ``~``."""
    notify: bool = False
    """Whether its main figures are told to the channels of notifications."""

    @field_validator("cron")
    @classmethod
    def _check_cron(cls, value: str) -> str:
        from ..cron import check_cron

        return check_cron(value)

    @field_validator("folder")
    @classmethod
    def _check_folder(cls, value: Path | None) -> Path | None:
        found = None if value is None else value.expanduser()
        if found is not None and not found.is_absolute():
            raise ValueError("write the whole path: who makes the report may be anywhere")
        return found

    @model_validator(mode="after")
    def _check_aim(self) -> Self:
        if not (self.keep or self.folder or self.notify):
            raise ValueError("nobody would see it: set keep, folder or notify")
        return self


class ReportSettings(BaseModel):
    """How reports are made, and when by themselves; see ``docs/reports.md``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    browser: str | None = None
    """The Chromium that prints PDFs, its path or its name; without it the first that is found."""
    cost_per_minute: float | None = Field(default=None, ge=0, le=1_000_000)
    """What a minute of a machine that runs operations costs; without it no report tells costs."""
    currency: str | None = Field(default=None, pattern="^[A-Z]{3}$")
    """Of that price: three capitals, such as ``EUR``."""
    timezone: str = "UTC"
    """Of the times in ``schedules``, such as ``Europe/Berlin``; reports themselves are in UTC."""
    schedules: Mapping[str, ScheduleSettings] = Field(default_factory=dict)
    """Reports that are made again and again, by name: tables with ``cron``, ``type``, ``format``, ``window``,
    ``filters``, ``keep``, ``folder``, ``notify``."""

    @field_validator("timezone")
    @classmethod
    def _check_timezone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            raise ValueError(f"{value!r} is no time zone; write one such as Europe/Berlin") from None
        return value

    @field_validator("schedules")
    @classmethod
    def _check_names(cls, value: Mapping[str, ScheduleSettings]) -> Mapping[str, ScheduleSettings]:
        for name in value:
            if not _NAME.fullmatch(name):
                raise ValueError(f"{name!r} is no name of a schedule: small letters, digits, - and _, at most 64")
        return value

    @model_validator(mode="after")
    def _check_price(self) -> Self:
        if self.cost_per_minute is not None and self.currency is None:
            raise ValueError("cost_per_minute needs a currency, such as EUR")
        return self
