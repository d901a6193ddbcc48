"""What a service answers becomes the value that it was."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from errclass.core.errors import ServiceError
from errclass.core.frozen import FrozenDict
from errclass.core.rebuilt import rebuild_classification, rebuild_decision
from errclass.core.types import (
    Chance,
    Classification,
    Context,
    Decision,
    History,
    Plan,
    RecoveryChance,
    TypeProbability,
)

CHANCE = Chance(0.5, 0.1, 0.9, 4, 2, "type")
SHARED = {
    "category": "transient",
    "type": "network",
    "severity": "low",
    "retryable": True,
    "confidence": 0.9,
    "suggested_action": "retry_with_backoff",
    "alternatives": (TypeProbability("unknown", 0.1),),
    "evidence": ("ETIMEDOUT",),
    "fingerprint": "0123456789abcdef",
    "context": Context(environment="staging", attempt=2, cancelled=True, metadata=FrozenDict({"team": "web"})),
    "metadata": FrozenDict({"a": 1}),
}
DECISION = Decision(
    **SHARED,
    strategy="retry",
    plan=Plan(max_attempts=4, base_delay=1.0, retry_after=7.0),
    channels=("slack",),
    rules_fired=("usual/action",),
    because=("It is so.",),
    history=History(
        seen=3,
        first_seen=datetime(2026, 1, 1, tzinfo=UTC),
        retry=CHANCE,
        recoveries=(RecoveryChance("npm_reinstall", CHANCE),),
        flaky_tests=("test_a",),
    ),
)


@pytest.mark.parametrize("decision", [DECISION, Decision("c", "t", "low", False, 0.1, "a")])
def test_a_decision_comes_back_as_it_was(decision: Decision) -> None:
    """Over JSON, whole and with the least that there can be."""
    assert decision == rebuild_decision(json.loads(json.dumps(decision.to_dict())))


def test_a_classification_comes_back_as_it_was() -> None:
    """Likewise; what another version says besides is left out."""
    classification = Classification(**SHARED)
    document = {**json.loads(json.dumps(classification.to_dict())), "later": 1}
    assert classification == rebuild_classification(document)


def test_a_service_error_survives_a_pickle() -> None:
    """With all that it says."""
    import pickle

    error = pickle.loads(pickle.dumps(ServiceError("refused", status=429, advice="wait", retry_after=2.0)))
    assert ("refused; wait", 429, "wait", 2.0) == (str(error), error.status, error.advice, error.retry_after)
