"""What is written to the inbox: one event per thing that happened, as JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal

from ..core.errors import StoreError
from ..core.failure import mask_context
from ..core.jsonable import to_jsonable
from ..core.masking import mask_secrets
from ..core.types import Label, Outcome
from .bounds import STORED_BYTES, bound_text
from .weights import SOURCE_WEIGHTS

Kind = Literal["outcome", "label", "resolution"]
MAX_ID = 64
_BIGINT = 2**63


@dataclass(frozen=True, slots=True)
class Event:
    """Hold one thing that happened; ``kind`` and ``id`` together are unique."""

    kind: Kind
    id: str
    payload: str
    """A JSON object of valid Unicode without NUL."""


def outcome_events(outcome: Outcome) -> Iterator[Event]:
    """Yield the events of one outcome: itself, its result if known, and its labels; raise StoreError on a bad value."""
    _check_outcome(outcome)
    yield _event("outcome", outcome.id, _outcome_document(outcome))
    if outcome.success is not None:
        yield resolution_event(outcome.id, outcome.success, outcome.time, outcome.id)
    for number, label in enumerate(outcome.labels):
        yield label_event(outcome.id, label, f"{outcome.id}:{number}:{label.source}:{label.type}")


def label_event(outcome_id: str, label: Label, event_id: str) -> Event:
    """Return the event of one opinion on an outcome."""
    _check_label(label)
    document = {"failure_id": outcome_id, **to_jsonable(label), "time": utc_text(label.time)}
    return _event("label", event_id, document)


def resolution_event(outcome_id: str, success: bool, time: datetime, event_id: str) -> Event:
    """Return the event that says how the operation ended."""
    return _event("resolution", event_id, {"failure_id": outcome_id, "success": bool(success), "time": utc_text(time)})


def utc_text(time: datetime) -> str:
    """Return ``time`` in UTC as ISO 8601 without offset; a naive time is taken to be UTC already."""
    return to_naive_utc(time).isoformat()


def to_naive_utc(time: datetime) -> datetime:
    """Return ``time`` in UTC without its zone, as the history keeps it."""
    return time.astimezone(UTC).replace(tzinfo=None) if time.tzinfo else time


def _outcome_document(outcome: Outcome) -> dict[str, Any]:
    # Whoever records has masked already; the last door before the disk does not rely on it.
    text, context = mask_secrets(outcome.text), mask_context(outcome.context)
    document: dict[str, Any] = to_jsonable(replace(outcome, context=context))
    for apart in ("labels", "success"):
        del document[apart]
    return document | {"text": bound_text(text, STORED_BYTES), "time": utc_text(outcome.time)}


def _event(kind: Kind, event_id: str, document: dict[str, Any]) -> Event:
    return Event(kind, _clean(event_id), json.dumps(_clean(document), ensure_ascii=False, separators=(",", ":")))


def _clean(value: Any) -> Any:
    """Replace what no database takes in text: NUL and lone surrogates."""
    if isinstance(value, str):
        return value.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {_clean(key): _clean(item) for key, item in value.items()}
    return [_clean(item) for item in value] if isinstance(value, list) else value


def _check_outcome(outcome: Outcome) -> None:
    """Refuse now what the merge could not write later, since an event that cannot be merged would stay for ever."""
    if not 1 <= len(outcome.id) <= MAX_ID:
        raise StoreError(
            f"an outcome's id must have 1 to {MAX_ID} characters, not {len(outcome.id)}: {outcome.id[:80]!r}"
        )
    for name, number in (("exit_code", outcome.exit_code), ("context.attempt", outcome.context.attempt)):
        if number is not None and not -_BIGINT <= number < _BIGINT:
            raise StoreError(f"{name} of outcome {outcome.id!r} does not fit 64 bits")


def _check_label(label: Label) -> None:
    if label.source not in SOURCE_WEIGHTS:
        raise StoreError(f"unknown label source {label.source!r}; known are {', '.join(SOURCE_WEIGHTS)}")
    if not label.type.strip():
        raise StoreError("a label needs a type, but this one is empty")
    if not (math.isfinite(label.weight) and label.weight >= 0):
        raise StoreError(f"a label's weight must be a finite number from 0, not {label.weight!r}")
