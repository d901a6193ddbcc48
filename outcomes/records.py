"""From an event of the inbox to rows of the history's tables."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from .compact_json import to_json
from .event import Event
from .tables import JSON_COLUMNS, REQUIRED, TABLES
from .times import to_naive_utc

UNREADABLE = "this version of errclass cannot read it"
"""Why an event is parked for which ``read_event`` has no rows."""
Record = dict[str, Any]
TableRow = tuple[str, Record]

_CONTEXT = (
    "environment",
    "operation",
    "effect",
    "operation_id",
    "component",
    "repository",
    "branch",
    "job",
    "phase",
    "source",
)
_ATTEMPT_CONTEXT = (
    "operation",
    "operation_id",
    "environment",
    "component",
    "repository",
    "branch",
    "job",
    "source",
)
_DECISION = (
    "category", "type", "severity", "retryable", "confidence", "abstained", "suggested_action", "strategy", "priority",
    "model_version", "rules_revision",
)  # fmt: skip


def read_event(event: Event) -> list[TableRow] | None:
    """Return the rows that the event stands for; None when this version cannot read it."""
    try:
        return list(_BUILDERS[event.kind](event.id, json.loads(event.payload)))
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError):
        return None


def group_rows(rows: Iterable[TableRow]) -> dict[str, list[Record]]:
    """Return the records by table."""
    tables: dict[str, list[Record]] = defaultdict(list)
    for table, record in rows:
        tables[table].append(record)
    return dict(tables)


def _outcome_rows(event_id: str, document: Mapping[str, Any]) -> Iterator[TableRow]:
    yield "failures", _failure(event_id, document)
    if document.get("decision") or document.get("facts"):
        yield "decisions", _decision(event_id, document)


def _failure(event_id: str, document: Mapping[str, Any]) -> Record:
    context = document.get("context") or {}
    return {
        "id": event_id,
        "occurred_at": datetime.fromisoformat(document["time"]),
        "text": str(document["text"]),
        **{name: document.get(name) for name in ("fingerprint", "tool", "exit_code")},
        "tags": _json(document.get("tags") or []),
        **{name: context.get(name) for name in _CONTEXT},
        "attempt": int(context.get("attempt") or 1),
        "commit_id": context.get("commit"),
        "cancelled": bool(context.get("cancelled")),
        "metadata": _json(context.get("metadata") or {}),
        "failing_tests": _json(document.get("failing_tests") or []),
        "recorded_at": _recorded(document),
    }


def _decision(event_id: str, document: Mapping[str, Any]) -> Record:
    decision = document.get("decision") or {}
    return {
        "id": f"{event_id}:decision",
        "failure_id": event_id,
        "decision_id": decision.get("decision_id") or None,
        "facts": _json(document.get("facts") or {}),
        **{name: decision.get(name) for name in _DECISION},
        "rules_fired": _json(decision.get("rules_fired") or []),
        "document": _json(decision) if decision else None,
        "trace": _json(document.get("trace") or []),
        "recorded_at": _recorded(document),
    }


def _resolution_rows(event_id: str, document: Mapping[str, Any]) -> Iterator[TableRow]:
    yield (
        "resolutions",
        {
            "id": event_id,
            "failure_id": document["failure_id"],
            "success": bool(document["success"]),
            "resolved_at": datetime.fromisoformat(document["time"]),
            "how": document.get("how"),
            "recorded_at": _recorded(document),
        },
    )


def _label_rows(event_id: str, document: Mapping[str, Any]) -> Iterator[TableRow]:
    yield (
        "labels",
        {
            "id": event_id,
            **{name: document[name] for name in ("failure_id", "type", "source")},
            "weight": float(document["weight"]),
            "retryable": document.get("retryable"),
            "labelled_at": datetime.fromisoformat(document["time"]),
            "author": document.get("author"),
            "spreads": bool(document.get("spreads")),
            "recorded_at": _recorded(document),
        },
    )


def _label_undo_rows(event_id: str, document: Mapping[str, Any]) -> Iterator[TableRow]:
    yield (
        "label_undos",
        {
            "id": event_id,
            "label_id": document["label_id"],
            "author": document.get("author"),
            "undone_at": datetime.fromisoformat(document["time"]),
            "recorded_at": _recorded(document),
        },
    )


def _attempt_rows(event_id: str, document: Mapping[str, Any]) -> Iterator[TableRow]:
    context = document.get("context") or {}
    yield (
        "attempts",
        {
            "id": event_id,
            "failure_id": document.get("failure_id"),
            **{name: context.get(name) for name in _ATTEMPT_CONTEXT},
            "number": int(context.get("attempt") or 1),
            "commit_id": context.get("commit"),
            "success": bool(document["success"]),
            "unchanged": bool(document["unchanged"]),
            "recovery": document.get("recovery"),
            "started_at": _time(document.get("started")),
            "ended_at": datetime.fromisoformat(document["ended"]),
            "recorded_at": _recorded(document),
        },
    )


def _action_rows(event_id: str, document: Mapping[str, Any]) -> Iterator[TableRow]:
    yield (
        "actions",
        {
            "id": event_id,
            **{name: document.get(name) for name in ("failure_id", "decision_id")},
            **{name: str(document[name]) for name in ("kind", "name", "result")},
            "started_at": _time(document.get("started")),
            "ended_at": datetime.fromisoformat(document["ended"]),
            "details": _json(document.get("details") or {}),
            "recorded_at": _recorded(document),
        },
    )


def _message_rows(event_id: str, document: Mapping[str, Any]) -> Iterator[TableRow]:
    yield (
        "notifications",
        {
            "id": event_id,
            **{name: document.get(name) for name in ("failure_id", "decision_id")},
            **{name: str(document[name]) for name in ("channel", "priority", "status")},
            "created_at": datetime.fromisoformat(document["time"]),
            "document": _json(document.get("document") or {}),
            "recorded_at": _recorded(document),
        },
    )


def _case_result_rows(event_id: str, document: Mapping[str, Any]) -> Iterator[TableRow]:
    seconds = document.get("seconds")
    yield (
        "test_results",
        {
            "id": event_id,
            "test": str(document["test"]),
            "passed": bool(document["passed"]),
            "commit_id": document.get("commit"),
            **{name: document.get(name) for name in ("repository", "operation", "failure_id")},
            "seconds": None if seconds is None else float(seconds),
            "occurred_at": datetime.fromisoformat(document["time"]),
            "recorded_at": _recorded(document),
        },
    )


def _registration_rows(event_id: str, document: Mapping[str, Any]) -> Iterator[TableRow]:
    yield (
        "registry",
        {
            "id": event_id,
            **{name: str(document[name]) for name in ("kind", "version", "event")},
            "author": document.get("author"),
            "document": _json(document.get("document") or {}),
            "happened_at": datetime.fromisoformat(document["time"]),
            "recorded_at": _recorded(document),
        },
    )


def _exported_rows(_: str, document: Mapping[str, Any]) -> Iterator[TableRow]:
    """Take over a row that another store exported, with this version's columns."""
    table, record = str(document["table"]), document["record"]
    columns = TABLES[table]
    row = {name: _column_value(kind, record.get(name)) for name, kind in columns.items()}
    if any(row[name] is None for name in columns if name in REQUIRED[table]):
        raise ValueError(f"{table}: a row lacks a column")
    for name in JSON_COLUMNS & columns.keys():
        json.loads(row[name] or "null")
    yield table, row


def _column_value(kind: str, value: Any) -> Any:
    if value is None:
        return None
    if kind == "TIMESTAMP":
        return to_naive_utc(datetime.fromisoformat(value))
    return {"VARCHAR": str, "BIGINT": int, "DOUBLE": float, "BOOLEAN": bool}[kind](value)


def _recorded(document: Mapping[str, Any]) -> datetime | None:
    return _time(document.get("recorded_at"))


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _json(value: Any) -> str:
    if not value:
        return "[]" if isinstance(value, list) else "{}"
    return to_json(value)


_BUILDERS: dict[str, Callable[[str, Mapping[str, Any]], Iterator[TableRow]]] = {
    "outcome": _outcome_rows,
    "resolution": _resolution_rows,
    "label": _label_rows,
    "label_undo": _label_undo_rows,
    "attempt": _attempt_rows,
    "action": _action_rows,
    "message": _message_rows,
    "case_result": _case_result_rows,
    "registration": _registration_rows,
    "row": _exported_rows,
}
