"""From JSON back to the values whose ``to_dict`` it is; fields of other versions are left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from .frozen import FrozenDict
from .types import Chance, Classification, Context, Decision, History, Plan, RecoveryChance, TypeProbability

Document = Mapping[str, Any]


def rebuild_classification(document: Document) -> Classification:
    """Return the classification that ``document`` was made from."""
    return Classification(**_known(Classification, document) | _shared_fields(document, Context()))


def rebuild_decision(document: Mapping[str, Any], context: Context | None = None) -> Decision:
    """Return the decision that ``document`` was made from; ``context`` is used where it holds none."""
    return Decision(
        **_known(Decision, document)
        | _shared_fields(document, context or Context())
        | {
            "plan": rebuild_plan(document.get("plan", {})),
            "history": _history(document["history"]) if document.get("history") else None,
            **{name: tuple(document.get(name, ())) for name in ("channels", "rules_fired", "because")},
        }
    )


def rebuild_plan(document: Mapping[str, Any]) -> Plan:
    """Return the plan that ``document`` was made from."""
    return Plan(**_known(Plan, document))


def _history(document: Document) -> History:
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


def _chance(document: Document) -> Chance:
    return Chance(**_known(Chance, document))


def rebuild_context(document: Document) -> Context:
    """Return the context that ``document`` was made from."""
    return Context(**_known(Context, document) | {"metadata": FrozenDict(document.get("metadata", {}))})


def _shared_fields(document: Document, context: Context) -> dict[str, Any]:
    """Return what classification and decision hold beside plain values."""
    alternatives = (TypeProbability(**_known(TypeProbability, item)) for item in document.get("alternatives", ()))
    return {
        "alternatives": tuple(alternatives),
        "context": rebuild_context(document["context"]) if document.get("context") else context,
        "evidence": tuple(document.get("evidence", ())),
        "metadata": FrozenDict(document.get("metadata", {})),
    }


def _known(kind: type, document: Document) -> dict[str, Any]:
    names = {field.name for field in fields(kind)}
    return {name: value for name, value in document.items() if name in names}
