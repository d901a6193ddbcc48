"""From rows of the history back to the values that were recorded."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from ..core.frozen import FrozenDict
from ..core.rebuilt import rebuild_context, rebuild_decision
from ..core.types import Context, Firing, Label, Outcome
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


def _row_context(row: Row) -> Context:
    return rebuild_context({**row, "commit": row["commit_id"], "metadata": json.loads(row["metadata"])})


def _label(row: Row) -> Label:
    names = ("id", "type", "source", "weight", "retryable", "author")
    values = {name: row[name] for name in names}
    return Label(**values, time=from_naive_utc(row["labelled_at"]), spreads=bool(row["spreads"]))


def _firing(document: Mapping[str, Any]) -> Firing:
    facts = {name: FrozenDict(document.get(name, {})) for name in ("sets", "overridden", "used")}
    return Firing(document["rule"], because=document.get("because", ""), **facts)
