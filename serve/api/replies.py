"""What may stand in an answer beside the library's own values."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel

from ...outcomes.opinions import Opinion
from ...reports.alerts import Alert
from ..problem import MEDIA_TYPE


class Recorded(BaseModel):
    """The ids of what was kept, in order; all of it is durable."""

    ids: list[str]


class Labelled(BaseModel):
    """A label as it was stored."""

    label_id: str
    outcome_id: str
    type: str


class Labels(BaseModel):
    """What was said of an outcome, oldest first."""

    labels: list[Opinion]


class Alerts(BaseModel):
    """Alerts, newest first."""

    checked_at: AwareDatetime | None
    """When somebody looked last; null where nobody has."""
    alerts: list[Alert]


class Live(BaseModel):
    """That the service runs."""

    status: Literal["ok"]


class Ready(BaseModel):
    """Whether the service can work."""

    status: Literal["healthy", "degraded", "unhealthy"]
    checks: dict[str, Literal["ok", "warning", "problem", "off"]]
    issues: list[str] | None = None
    """What is wrong and what to do."""


_FAULT = {
    "type": "object",
    "required": ["where", "what"],
    "properties": {name: {"type": "string"} for name in ("where", "what")},
}
_SCHEMA = {
    "title": "Problem",
    "description": "A problem document of RFC 9457; `advice` says what to do.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "advice"],
    "properties": {
        **{name: {"type": "string"} for name in ("type", "title", "detail", "advice")},
        "status": {"type": "integer"},
        "errors": {"type": "array", "items": _FAULT},
    },
}
PROBLEMS: dict[int | str, dict[str, Any]] = {
    "4XX": {"description": "The request is refused.", "content": {MEDIA_TYPE: {"schema": _SCHEMA}}},
    "503": {"description": "Try again after Retry-After.", "content": {MEDIA_TYPE: {"schema": _SCHEMA}}},
}
