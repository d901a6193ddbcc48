"""What is asked of the service, and what becomes of its answers; nothing here knows how they travel."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from urllib.parse import quote, urlencode

from ...actions.codegen.steps import Ask
from ...core.context_slips import CONTEXT_FIELDS, GUARD_NAMES, judge_slips
from ...core.failure import mask_context, mask_failure, to_failure
from ...core.frozen import FrozenDict
from ...core.ids import new_id
from ...core.jsonable import to_jsonable
from ...core.masking import mask_secrets
from ...core.rebuilt import rebuild_classification, rebuild_decision
from ...core.types import Classification, Context, Decision, Failure
from ...outcomes.bounds import bound_text

T = TypeVar("T")
Error = str | bytes | BaseException | Failure
Body = dict[str, Any]

MOST_BYTES = 1 << 20
"""Of one text that is sent: of a longer one its first quarter and, above all, its end."""


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """Hold one request, and how its answer is read."""

    ask: Ask
    read: Callable[[Any], T]
    statuses: tuple[int, ...] = (200,)
    """With which an answer comes."""


def ask_classification(error: Error, logs: str | bytes, given: Mapping[str, object]) -> Call[Classification]:
    """Return the request for what a failure is."""
    body, _ = _describe(error, logs, given)
    return Call(Ask("POST", "/v1/classify", body), rebuild_classification)


def ask_decision(error: Error, logs: str | bytes, given: Mapping[str, object]) -> Call[Decision]:
    """Return the request for what to do about a failure."""
    return Call(Ask("POST", "/v1/decide", _describe_guarded(error, logs, given)), rebuild_decision)


def ask_explanation(error: Error, logs: str | bytes, given: Mapping[str, object]) -> Call[Body]:
    """Return the request for all that there is to say of a failure."""
    return Call(Ask("POST", "/v1/explain", _describe_guarded(error, logs, given)), dict)


def ask_handling(error: Error, logs: str | bytes, given: Mapping[str, object]) -> Call[Body]:
    """Return the request to handle a failure."""
    body, _ = _describe(error, logs, given)
    return Call(Ask("POST", "/v1/handle", body, repeatable=False), dict)


def ask_record(outcomes: Iterable[Mapping[str, Any]], *, decide: bool) -> Call[list[str]]:
    """Return the request to keep outcomes; each has an id, so that it may arrive twice."""
    rows = [_describe_outcome(outcome) for outcome in outcomes]
    return Call(Ask("POST", "/v1/outcomes", {"outcomes": rows, "decide": decide}), lambda found: list(found["ids"]))


def ask_label(outcome_id: str, kind: str, *, retryable: bool | None, spreads: bool) -> Call[str]:
    """Return the request to say what an outcome really was."""
    body = {"outcome_id": outcome_id, "type": kind, "retryable": retryable, "spreads": spreads}
    return Call(Ask("POST", "/v1/labels", body, repeatable=False), lambda found: str(found["label_id"]))


def ask_report(kind: str, window: str) -> Call[Body]:
    """Return the request for a report."""
    return Call(Ask("GET", f"/v1/reports/{quote(kind, safe='')}?{urlencode({'window': window})}"), dict)


def ask_health() -> Call[Body]:
    """Return the question whether the service can work; that it cannot is an answer too."""
    return Call(Ask("GET", "/health/ready"), _read_health, (200, 503))


def _read_health(found: Any) -> Body:
    return {**found, "checks": dict(found["checks"])}


def describe_call(
    text: str,
    *,
    success: bool | None,
    exit_code: int | None,
    time: datetime | None,
    identifier: str | None,
    context: Mapping[str, object],
) -> Body:
    """Return one outcome as ``ask_record`` takes it."""
    found = {"text": text, "success": success, "exit_code": exit_code, "time": time, "id": identifier}
    return {**{name: value for name, value in found.items() if value is not None}, "context": dict(context)}


def _describe_guarded(error: Error, logs: str | bytes, given: Mapping[str, object]) -> Body:
    body, guard = _describe(error, logs, given)
    return {**body, "guard": guard} if guard else body


def _describe(error: Error, logs: str | bytes, given: Mapping[str, object]) -> tuple[Body, Body]:
    """Return the failure as it is sent, its secrets masked, and what limits acting on it."""
    failure = mask_failure(to_failure(error, logs=logs))
    guard = {name: given[name] for name in GUARD_NAMES if given.get(name) is not None}
    rest = {name: value for name, value in given.items() if name not in GUARD_NAMES}
    known = failure.context.to_dict() if isinstance(error, Failure) else {}
    body = {
        "text": bound_text(failure.text, MOST_BYTES),
        "exception_type": failure.exception_type,
        "exit_code": failure.exit_code,
        "context": _describe_context({**known, **rest}),
    }
    return body, guard


def _describe_outcome(outcome: Mapping[str, Any]) -> Body:
    body = {"id": new_id(), **to_jsonable(outcome)}
    text = bound_text(mask_secrets(str(body.get("text", ""))), MOST_BYTES)
    return {**body, "text": text, "context": _describe_context(outcome.get("context") or {})}


def _describe_context(given: Mapping[str, Any]) -> Body:
    """Return the context as it is sent, masked; what is no field of it becomes metadata, see ``judge_slips``."""
    stated = {name: value for name, value in given.items() if name in CONTEXT_FIELDS and value is not None}
    extra = {name: str(value) for name, value in given.items() if name not in {*CONTEXT_FIELDS, "metadata"}}
    if extra and (effect := judge_slips(extra)):
        stated["effect"] = effect
    metadata = {str(name): str(value) for name, value in dict(given.get("metadata") or {}).items()}
    return mask_context(Context(**stated, metadata=FrozenDict({**metadata, **extra}))).to_dict()
