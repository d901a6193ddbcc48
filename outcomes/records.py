"""From an event of the inbox to rows of the history's tables."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from .events import Event

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
_DECISION = (
    "category", "type", "severity", "retryable", "confidence", "abstained", "suggested_action", "strategy", "priority",
    "model_version", "rules_revision",
)  # fmt: skip


def read_event(event: Event) -> list[TableRow] | None:
    """Return the rows that the event stands for; None when this version cannot read it."""
    try:
        return list(_BUILDERS[event.kind](event.id, json.loads(event.payload)))
    except (ValueError, KeyError, TypeError, AttributeError):
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
    }


def _decision(event_id: str, document: Mapping[str, Any]) -> Record:
    decision = document.get("decision") or {}
    return {
        "id": event_id,
        "failure_id": event_id,
        "decision_id": decision.get("decision_id") or None,
        "facts": _json(document.get("facts") or {}),
        **{name: decision.get(name) for name in _DECISION},
        "rules_fired": _json(decision.get("rules_fired") or []),
        "document": _json(decision) if decision else None,
    }


def _resolution_rows(event_id: str, document: Mapping[str, Any]) -> Iterator[TableRow]:
    when = datetime.fromisoformat(document["time"])
    success = bool(document["success"])
    yield "resolutions", {"id": event_id, "failure_id": document["failure_id"], "success": success, "resolved_at": when}


def _label_rows(event_id: str, document: Mapping[str, Any]) -> Iterator[TableRow]:
    yield (
        "labels",
        {
            "id": event_id,
            **{name: document[name] for name in ("failure_id", "type", "source")},
            "weight": float(document["weight"]),
            "retryable": document.get("retryable"),
            "labelled_at": datetime.fromisoformat(document["time"]),
        },
    )


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


_BUILDERS: dict[str, Callable[[str, Mapping[str, Any]], Iterator[TableRow]]] = {
    "outcome": _outcome_rows,
    "label": _label_rows,
    "resolution": _resolution_rows,
}
