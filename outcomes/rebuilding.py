"""From rows of the history back to the values that were recorded."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from ..core.frozen import FrozenDict
from ..core.types import (
    Chance,
    Context,
    Decision,
    Firing,
    History,
    Label,
    Outcome,
    Plan,
    RecoveryChance,
    TypeProbability,
)
from .times import from_naive_utc

Row = Mapping[str, Any]


def rebuild_outcome(row: Row, labels: Sequence[Row]) -> Outcome:
    """Return the outcome of one row of ``outcome_page.sql`` with its labels."""
    document = json.loads(row["document"]) if row["document"] else None
    context = _row_context(row)
    return Outcome(
        **{name: row[name] for name in ("id", "text", "fingerprint", "exit_code", "success", "tool")},
        time=from_naive_utc(row["occurred_at"]),
        context=context,
        tags=tuple(json.loads(row["tags"])),
        facts=FrozenDict(json.loads(row["facts"] or "{}")),
        decision=rebuild_decision(document, context) if document else None,
        labels=tuple(_label(label) for label in labels),
        failing_tests=tuple(json.loads(row["failing_tests"] or "[]")),
        trace=tuple(_firing(item) for item in json.loads(row["trace"] or "[]")),
    )


def rebuild_decision(document: Mapping[str, Any], context: Context) -> Decision:
    """Return the decision that ``document`` was made from; ``context`` is its outcome's.

    Fields of other versions are left out.
    """
    alternatives = (TypeProbability(**_known(TypeProbability, item)) for item in document.get("alternatives", ()))
    return Decision(
        **_known(Decision, document)
        | {
            "alternatives": tuple(alternatives),
            "context": _context(document["context"]) if document.get("context") else context,
            "metadata": FrozenDict(document.get("metadata", {})),
            "plan": rebuild_plan(document.get("plan", {})),
            "history": _history(document["history"]) if document.get("history") else None,
            **{name: tuple(document.get(name, ())) for name in ("evidence", "channels", "rules_fired", "because")},
        }
    )


def rebuild_plan(document: Mapping[str, Any]) -> Plan:
    """Return the plan that ``document`` was made from; fields of other versions are left out."""
    return Plan(**_known(Plan, document))


def _history(document: Row) -> History:
    times = {name: datetime.fromisoformat(document[name]) for name in ("first_seen", "last_seen") if document.get(name)}
    return History(
        **_known(History, document)
        | times
        | {
            "retry": _chance(document["retry"]) if document.get("retry") else None,
            "recoveries": tuple(
                RecoveryChance(one["recovery"], _chance(one["chance"])) for one in document.get("recoveries", ())
            ),
            "flaky_tests": tuple(document.get("flaky_tests", ())),
        }
    )


def _chance(document: Row) -> Chance:
    return Chance(**_known(Chance, document))


def _row_context(row: Row) -> Context:
    return _context({**row, "commit": row["commit_id"], "metadata": json.loads(row["metadata"])})


def _context(document: Row) -> Context:
    return Context(**_known(Context, document) | {"metadata": FrozenDict(document.get("metadata", {}))})


def _label(row: Row) -> Label:
    names = ("id", "type", "source", "weight", "retryable", "author")
    values = {name: row[name] for name in names}
    return Label(**values, time=from_naive_utc(row["labelled_at"]), spreads=bool(row["spreads"]))


def _firing(document: Mapping[str, Any]) -> Firing:
    facts = {name: FrozenDict(document.get(name, {})) for name in ("sets", "overridden", "used")}
    return Firing(document["rule"], because=document.get("because", ""), **facts)


def _known(kind: type, document: Row) -> dict[str, Any]:
    names = {field.name for field in fields(kind)}
    return {name: value for name, value in document.items() if name in names}
