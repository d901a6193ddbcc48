"""What is written to the inbox: one event per thing that happened, as JSON."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any

from ..core.clock import utc_now
from ..core.errors import StoreError
from ..core.failure import mask_context
from ..core.happenings import Action, Attempt, CaseResult, Message
from ..core.jsonable import to_jsonable
from ..core.masking import mask_secrets
from ..core.types import Context, Label, Outcome
from .bounds import STORED_BYTES, bound_text
from .clean_text import clean_text
from .compact_json import drop_empty, to_json
from .event import Event, How, Kind
from .marks import NO_MARKS, CallBefore, Marks, RecentFailure
from .times import utc_text
from .weights import SOURCE_WEIGHTS

MAX_ID = 64
_MAX_DERIVED_ID = 100
MAX_TESTS = 500
"""Failing tests of one failure that are kept one by one."""
_BIGINT = 2**63
_CONTEXT = tuple(field.name for field in fields(Context) if field.name != "metadata")


def outcome_events(outcome: Outcome) -> Iterator[Event]:
    """Yield the events of one outcome: itself, its failing tests, its result if known, and its labels.

    Raises StoreError on a bad value.
    """
    _check_outcome(outcome)
    yield _outcome_event(outcome)
    for number, test in enumerate(outcome.failing_tests[:MAX_TESTS]):
        result = CaseResult(derive_id(f"test {number} failed", outcome.id), test, False, time=outcome.time)
        yield case_result_event(_place(result, outcome.context, outcome.id))
    if outcome.success is not None:
        retried = outcome.decision is not None and outcome.decision.strategy == "retry"
        how: How | None = "retry" if retried else None
        yield resolution_event(outcome.id, outcome.success, outcome.time, f"{outcome.id}:resolution", how)
    for number, label in enumerate(outcome.labels):
        yield label_event(outcome.id, label, label.id or f"{outcome.id}:{number}:{label.source}:{label.type}")


def label_event(outcome_id: str, label: Label, event_id: str) -> Event:
    """Return the event of one opinion on an outcome."""
    _check_label(label)
    document = {"failure_id": outcome_id, **to_jsonable(label), "time": utc_text(label.time)}
    return _event("label", event_id, document)


def label_undo_event(label_id: str, author: str | None, time: datetime, event_id: str) -> Event:
    """Return the event that takes an opinion back."""
    return _event("label_undo", event_id, {"label_id": label_id, "author": author, "time": utc_text(time)})


def resolution_event(outcome_id: str, success: bool, time: datetime, event_id: str, how: How | None = None) -> Event:
    """Return the event that says how the operation ended, and by what."""
    document = {"failure_id": outcome_id, "success": bool(success), "time": utc_text(time), "how": how}
    marks = Marks(
        happened_at=_moment(time),
        rerun_passed=bool(success) if how == "retry" else None,
        follows=outcome_id,
        resolves=bool(success),
    )
    return _event("resolution", event_id, document, marks)


def attempt_events(attempt: Attempt) -> Iterator[Event]:
    """Yield the events of one finished call: itself, and the tests that passed in it after they had failed."""
    _check_id(attempt.id, "an attempt", limit=_MAX_DERIVED_ID)
    context = mask_context(attempt.context)
    _check_number("context.attempt", context.attempt, attempt.id)
    document = to_jsonable(replace(attempt, context=context))
    times = {"started": attempt.started and utc_text(attempt.started), "ended": utc_text(attempt.ended)}
    informative = attempt.unchanged or attempt.recovery is not None
    marks = Marks(
        happened_at=_moment(attempt.ended),
        recovery=attempt.recovery,
        rerun_passed=attempt.success if informative else None,
        follows=attempt.failure_id,
        follows_call=None if attempt.failure_id else call_before(context),
        succeeded=context.operation if attempt.success and context.source != "import" else None,
    )
    yield _event("attempt", attempt.id, document | times, marks)
    for number, test in enumerate(attempt.passed_tests[:MAX_TESTS]):
        result = CaseResult(derive_id(f"test {number} passed", attempt.id), test, True, time=attempt.ended)
        yield case_result_event(_place(result, context, attempt.failure_id))


def action_event(action: Action) -> Event:
    """Return the event of one thing that was done about a failure."""
    _check_id(action.id, "an action")
    times = {"started": action.started and utc_text(action.started), "ended": utc_text(action.ended)}
    return _event("action", action.id, to_jsonable(action) | times)


def message_event(message: Message) -> Event:
    """Return the event of one message to a channel."""
    _check_id(message.id, "a message")
    return _event("message", message.id, to_jsonable(message) | {"time": utc_text(message.time)})


def case_result_event(result: CaseResult) -> Event:
    """Return the event of one test's result."""
    if not result.test.strip():
        raise StoreError("a test result needs the test's name, but this one is empty")
    document = to_jsonable(result) | {"test": mask_secrets(result.test)[:1000], "time": utc_text(result.time)}
    return _event("case_result", result.id, document)


def registration_event(
    kind: str, version: str, what: str, document: Mapping[str, Any], author: str, event_id: str
) -> Event:
    """Return the event of something that befell a model or a policy."""
    fields = {"kind": kind, "version": version, "event": what, "author": author or None}
    return _event("registration", event_id, fields | {"document": to_jsonable(document), "time": utc_text(utc_now())})


def row_event(table: str, record: Mapping[str, Any]) -> Event:
    """Return the event of a row that another store exported."""
    return _event("row", f"{table}:{record['id']}", {"table": table, "record": to_jsonable(record)})


def _outcome_event(outcome: Outcome) -> Event:
    # Whoever records has masked already; the last door before the disk does not rely on it.
    context = mask_context(outcome.context) if outcome.context.metadata else outcome.context
    # Before it is cut: half a secret is none to whoever looks for secrets.
    text = outcome.text if len(outcome.text) <= STORED_BYTES // 4 else mask_secrets(outcome.text)
    document = {
        "text": bound_text(text, STORED_BYTES),
        "time": utc_text(outcome.time),
        "context": _context_document(context),
        **{name: getattr(outcome, name) for name in ("fingerprint", "exit_code", "tool")},
        **{name: to_jsonable(getattr(outcome, name)) for name in ("tags", "facts", "failing_tests")},
        "decision": _decision_document(outcome),
        "trace": [drop_empty(to_jsonable(firing)) for firing in outcome.trace],
    }
    return _event("outcome", outcome.id, document, _outcome_marks(outcome, context))


def _decision_document(outcome: Outcome) -> dict[str, Any] | None:
    """Return the decision, without its context where that is the outcome's."""
    decision = outcome.decision
    if decision is None:
        return None
    document = drop_empty(to_jsonable(decision))
    if decision.context == outcome.context:
        document.pop("context", None)
    return document


def _context_document(context: Context) -> dict[str, Any]:
    document = {name: value for name in _CONTEXT if (value := getattr(context, name)) not in {None, False}}
    return document | ({"metadata": dict(context.metadata)} if context.metadata else {})


def _outcome_marks(outcome: Outcome, context: Context) -> Marks:
    time = _moment(outcome.time)
    recent = RecentFailure(
        id=outcome.id,
        fingerprint=outcome.fingerprint,
        operation=context.operation,
        operation_id=context.operation_id,
        attempt=context.attempt,
        job=_name_job(context),
        commit=context.commit,
        failing_tests=outcome.failing_tests[:MAX_TESTS],
        imported=context.source == "import",
        time=time,
    )
    return Marks(fingerprint=outcome.fingerprint, happened_at=time, failure=recent)


def _moment(time: datetime) -> str:
    """Return when something counts from: a clock that is ahead must not make it count for ever."""
    return utc_text(min(_aware(time), utc_now()))


def _aware(time: datetime) -> datetime:
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _name_job(context: Context) -> str | None:
    """Tell jobs apart, but not the attempts of one: what one failure in many jobs is told by."""
    names = (context.repository, context.branch, context.job or context.operation or context.operation_id)
    return "\n".join(name or "" for name in names) if any(names) else None


def _place(result: CaseResult, context: Context, failure_id: str | None) -> CaseResult:
    names = {name: getattr(context, name) for name in ("commit", "repository", "operation")}
    return replace(result, failure_id=failure_id, **names)


def derive_id(part: str, owner: str) -> str:
    """Return the id of a part of what ``owner`` names: longer than any that a caller may choose."""
    import hashlib

    return f"{part} of {hashlib.sha256(owner.encode('utf-8', 'surrogatepass')).hexdigest()}"


def call_before(context: Context) -> CallBefore | None:
    """Return which call of the same run came before; None where that is not known, or there was none."""
    if not context.operation_id or context.attempt < 2:
        return None
    return CallBefore(context.operation_id, context.attempt - 1, context.operation, context.commit)


def _event(kind: Kind, event_id: str, document: dict[str, Any], marks: Marks = NO_MARKS) -> Event:
    """Return the event; whatever in the document no writer masked or cleaned is masked and cleaned."""
    document["recorded_at"] = utc_text(utc_now())
    texts = "\n".join(_list_texts(document))
    if mask_secrets(texts) != texts:
        document, marks = _mask_all(document), marks.change_texts(mask_secrets)
    payload = to_json(document)
    if _is_storable(payload):
        return Event(kind, clean_text(event_id), payload, marks)
    return Event(kind, clean_text(event_id), to_json(_clean(document)), marks.change_texts(clean_text))


def _list_texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _list_texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _list_texts(item)


def _is_storable(payload: str) -> bool:
    """Tell whether JSON is surely free of what no database takes; texts that only look like it do no harm."""
    try:
        payload.encode()
    except UnicodeEncodeError:
        return False
    return r"\u0000" not in payload


def _mask_all(value: Any) -> Any:
    if isinstance(value, str):
        return mask_secrets(value)
    if isinstance(value, dict):
        return {key: _mask_all(item) for key, item in value.items()}
    return [_mask_all(item) for item in value] if isinstance(value, list) else value


def _clean(value: Any) -> Any:
    """Replace what no database takes in text: NUL and lone surrogates."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {_clean(key): _clean(item) for key, item in value.items()}
    return [_clean(item) for item in value] if isinstance(value, list) else value


def _check_outcome(outcome: Outcome) -> None:
    """Refuse now what the merge could not write later, since an event that cannot be merged would stay for ever."""
    _check_id(outcome.id, "an outcome")
    _check_number("exit_code", outcome.exit_code, outcome.id)
    _check_number("context.attempt", outcome.context.attempt, outcome.id)


def _check_id(identifier: str, whose: str, limit: int = MAX_ID) -> None:
    if not 1 <= len(identifier) <= limit:
        raise StoreError(f"{whose}'s id must have 1 to {MAX_ID} characters, not {len(identifier)}: {identifier[:80]!r}")


def _check_number(name: str, number: int | None, owner: str) -> None:
    if number is not None and not -_BIGINT <= number < _BIGINT:
        raise StoreError(f"{name} of {owner!r} does not fit 64 bits")


def _check_label(label: Label) -> None:
    if label.source not in SOURCE_WEIGHTS:
        raise StoreError(f"unknown label source {label.source!r}; known are {', '.join(SOURCE_WEIGHTS)}")
    if not label.type.strip():
        raise StoreError("a label needs a type, but this one is empty")
    if not (math.isfinite(label.weight) and label.weight >= 0):
        raise StoreError(f"a label's weight must be a finite number from 0, not {label.weight!r}")
