"""One failure through all stages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from errclass.core.errors import StoreError
from errclass.core.failure import failure_from_command, failure_from_text
from errclass.core.taxonomy import Taxonomy
from errclass.core.types import Context, History, Prediction, Signals, TypeProbability
from errclass.system.pipeline import answer_failure, to_outcome
from errclass.system.rules_in_use import build_engine, load_rules
from errclass.system.settings import DecisionSettings, Settings
from errclass.system.taxonomy_file import load_taxonomy
from errclass.system.wiring import Parts

FAILURE = "curl: (7) Failed to connect to registry.example.com port 443: Connection refused"


@dataclass
class Classifier:
    """Be sure of one type."""

    seen: list[Signals]

    def predict_many(self, signals: Sequence[Signals]) -> list[Prediction]:
        self.seen += signals
        return [Prediction((TypeProbability("network", 0.95), TypeProbability("build", 0.05)), model_version="sure-1")]


@dataclass
class Model:
    classifier: Classifier
    taxonomy: Taxonomy = field(default_factory=load_taxonomy)


class Store:
    """Answer with a history, or fail."""

    def __init__(self, answer: History | Exception) -> None:
        self.answer = answer
        self.asked: list[tuple[str | None, Context]] = []
        self.groups: list[dict[str, Any]] = []

    def history(self, fingerprint: str | None, context: Context, **group: Any) -> History:
        self.asked.append((fingerprint, context))
        self.groups.append(group)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def make_parts(store: Store | None = None, **limits: Any) -> Parts:
    settings = Settings(home=Path("home"), store="store", decision=DecisionSettings(**limits))
    return Parts(
        settings, cast(Any, Model(Classifier([]))), build_engine(load_rules(load_taxonomy())), cast(Any, store)
    )


def test_every_stage_leaves_its_value() -> None:
    """What an explanation is made of."""
    answer = answer_failure(failure_from_text(FAILURE), make_parts(Store(History(seen=4))))
    assert ("network", "sure-1", "retry") == (
        answer.decision.type,
        answer.decision.model_version,
        answer.decision.strategy,
    )
    assert (4, "network") == (answer.history.seen, answer.facts["predicted_type"])
    assert answer.decision.fingerprint == answer.signals.fingerprint


def test_only_masked_text_goes_on() -> None:
    """The classifier, the store and the facts never see a secret."""
    token = "ghp_" + "Mn4oPq6rSt" * 4
    store = Store(History())
    parts = make_parts(store)
    context = Context(operation=f"push {token}")
    answer = answer_failure(failure_from_text(f"{FAILURE} {token}", context=context), parts)
    shown = repr((answer, store.asked, cast(Any, parts.model.classifier).seen))
    assert token not in shown
    assert "Connection refused" in shown


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ({"max_attempts": 2}, (2, None, None)),
        ({"max_delay": 0.5}, (None, 0.5, 0.5)),
        ({"max_delay": 0}, (None, 0, 0)),
    ],
)
def test_limits_bound_every_plan(limits: dict[str, float], expected: tuple[float | None, ...]) -> None:
    """Whatever the rules wish; what the limits do not name stays as it was."""
    usual = answer_failure(failure_from_text(FAILURE), make_parts()).decision.plan
    plan = answer_failure(failure_from_text(FAILURE), make_parts(**limits)).decision.plan
    wanted = (usual.max_attempts, usual.base_delay, usual.max_delay)
    assert tuple(a if b is None else b for a, b in zip(wanted, expected, strict=True)) == (
        plan.max_attempts,
        plan.base_delay,
        plan.max_delay,
    )


def test_where_one_call_is_allowed_none_is_decided() -> None:
    """Whoever acts on the decision would call again and again: the settings' limit is heeded, not only planned."""
    decision = answer_failure(failure_from_text(FAILURE), make_parts(max_attempts=1)).decision
    assert ("escalate", 1) == (decision.strategy, decision.plan.max_attempts)


def test_a_store_that_fails_costs_only_the_history(caplog: pytest.LogCaptureFixture) -> None:
    """The fault is logged, and the answer says that there was none."""
    answer = answer_failure(failure_from_text(FAILURE), make_parts(Store(StoreError("damaged"))))
    assert ("network", False) == (answer.decision.type, answer.history.available)
    assert ["errclass.history_unreadable: damaged"] == [record.message for record in caplog.records]


def test_an_outcome_holds_what_was_decided() -> None:
    """And the masked region, not the log."""
    log = "\n".join([*(f"step {n} fine" for n in range(500)), FAILURE])
    answer = answer_failure(failure_from_command(log, 7, context=Context(operation="deploy")), make_parts())
    engine = build_engine(load_rules(load_taxonomy()))
    outcome = to_outcome(answer, engine)
    assert (7, "deploy", answer.decision) == (outcome.exit_code, outcome.context.operation, outcome.decision)
    assert FAILURE in outcome.text
    assert len(outcome.text) < len(log)
    assert answer.decision.rules_fired == tuple(firing.rule for firing in outcome.trace)
    assert outcome.id != to_outcome(answer, engine).id


def test_history_is_asked_for_the_group_too() -> None:
    """Where a fingerprint is new, its type and category tell what a re-run is worth."""
    store = Store(History())
    answer_failure(failure_from_text(FAILURE), make_parts(store))
    assert [{"type": "network", "category": "transient", "failing_tests": ()}] == store.groups
