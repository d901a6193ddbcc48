"""What each failure is and what came of it, and counts of them per hour and day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from support.happenings import DAY, START, Scene, at, decide, moment

from errclass.core.happenings import Action
from errclass.core.types import Label

TYPES = ("failure_id", "type", "category", "decided_type", "decided_category", "label_type", "label_source")


def test_a_label_counts_before_a_decision(scene: Scene) -> None:
    """With the category that its type was decided to have elsewhere."""
    scene.fail("decided", 0, "network")
    scene.fail("labelled", 1, "network", labels=(Label("build", "human"),))
    scene.fail("other", 2, "build")
    assert [
        ("decided", "network", "transient", "network", "transient", None, None),
        ("labelled", "build", "persistent", "network", "transient", "build", "human"),
        ("other", "build", "persistent", "build", "persistent", None, None),
    ] == scene.read("failure_types", *TYPES)


@pytest.mark.parametrize(("categories", "category"), [({}, None), ({"build": "persistent"}, "persistent")])
def test_a_type_that_only_labels_name_has_the_category_that_the_reader_knows(
    waiting: Scene, categories: dict[str, str], category: str | None
) -> None:
    """Imported rows were never decided."""
    waiting.fail("a", 0, source="import", labels=(Label("build", "import"),))
    columns = ("type", "category", "severity", "imported")
    assert [("build", category, None, True)] == waiting.read("failure_types", *columns, categories=categories)


def test_a_confirming_label_keeps_the_decided_category(waiting: Scene) -> None:
    """Whatever others call it."""
    waiting.fail("a", 0, decision=decide("build", category="mine"), labels=(Label("build", "human"),))
    assert [("build", "mine")] == waiting.read("failure_types", "type", "category", categories={"build": "x"})


def test_a_failure_that_nobody_judged_is_there(waiting: Scene) -> None:
    """With nothing for a type."""
    waiting.fail("a", 0, operation=None)
    assert [("a", *[None] * 6)] == waiting.read("failure_types", *TYPES)
    assert [(None, None, None, 1)] == waiting.read("daily_failures", "type", "category", "environment", "failures")


def test_what_came_of_a_failure(scene: Scene) -> None:
    """Open, resolved, given up, escalated; and the calls of its run."""
    scene.fail("open", 0, operation_id="r")
    scene.call("x", 1, False, operation_id="r", attempt=2)
    scene.call("y", 1, False, operation_id="r", attempt=3, operation="build")
    scene.fail("reported at once", 1, success=True)
    scene.fail("given up", 2, attempt=4, success=False)
    for name, target, result in (("1", "codegen", "failed"), ("2", "manual", "partial"), ("3", "manual", "success")):
        scene.store.record_action(Action(name, "escalate", target, result, "given up", ended=at(3)))  # type: ignore[arg-type]
    scene.store.record_action(Action("4", "escalate", "manual", "skipped", "open", ended=at(3)))
    columns = ("failure_id", "attempts", "settled", "resolved", "resolved_at", "seconds_to_resolution", "escalated")
    assert [
        ("given up", 4, True, False, None, None, True),
        ("open", 2, False, False, None, None, False),
        ("reported at once", 1, True, True, moment(1), None, False),
    ] == scene.read("failure_facts", *columns)


def test_time_to_resolution(waiting: Scene) -> None:
    """Until the last report, if that is a success."""
    waiting.fail("a", 0)
    waiting.store._clock = lambda: at(90)
    waiting.store.resolve("a", success=True)
    assert [(5400.0, moment(90))] == waiting.read("failure_facts", "seconds_to_resolution", "resolved_at")


@pytest.mark.parametrize(
    ("reports", "calls", "expected"),
    [
        ({}, {"named": 5}, ("call", True, moment(5), 300.0)),
        ({}, {"of the run": 5, "named": 7}, ("call", True, moment(5), 300.0)),
        ({}, {"of another operation": 5}, None),
        ({}, {"failed": 5}, None),
        ({3: False}, {"named": 5}, ("call", True, moment(5), 300.0)),
        ({9: False}, {"named": 5}, ("report", False, moment(9), None)),
        ({9: True}, {"named": 5}, ("report", True, moment(9), 540.0)),
        ({0: True}, {"named": 5}, ("call", True, moment(5), 300.0)),
        ({0: True}, {}, ("report", True, moment(0), None)),
        ({2: True, 4: False}, {}, ("report", False, moment(4), None)),
    ],
)
def test_how_a_failure_ended(
    waiting: Scene, reports: dict[int, bool], calls: dict[str, int], expected: tuple[object, ...] | None
) -> None:
    """By the last report, or a call that says when."""
    waiting.fail("a", 0, operation_id="r")
    for minutes, success in reports.items():
        waiting.store._clock = lambda minutes=minutes: at(minutes)
        waiting.store.resolve("a", success=success)
    fields: dict[str, dict[str, object]] = {
        "named": {"failure_id": "a"},
        "of the run": {"operation_id": "r", "attempt": 3},
        "of another operation": {"operation_id": "r", "attempt": 3, "operation": "build"},
        "failed": {"failure_id": "a"},
    }
    for name, minutes in calls.items():
        waiting.call(name, minutes, name != "failed", **fields[name])
    found = waiting.read("failure_ends", "known_by", "resolved", "ended_at", "seconds")
    assert ([expected] if expected else []) == found


def test_a_fact_holds_what_was_decided(waiting: Scene) -> None:
    """Field by field."""
    fields = {
        "confidence": 0.5, "abstained": "novel", "retryable": True, "strategy": "notify", "suggested_action": "look",
        "priority": "high", "model_version": "m2", "rules_revision": "r2",
    }  # fmt: skip
    place = {
        "environment": "production", "component": "api", "repository": "o/r", "branch": "main", "job": "j",
        "operation_id": "run", "effect": "idempotent",
    }  # fmt: skip
    waiting.fail("a", 0, decision=decide("build", **fields), **place, commit="abc", tool="npm", exit_code=7)
    assert [(*fields.values(), *place.values(), "abc", "npm", 7)] == waiting.read(
        "failure_facts", *fields, *place, "commit_id", "tool", "exit_code"
    )


def test_hours_and_days_are_those_of_utc(waiting: Scene) -> None:
    """Midnight begins a day, and the full hour an hour."""
    waiting.fail("before", DAY / 2 - 0.5)
    waiting.fail("midnight", DAY / 2)
    hours = [moment(11 * 60), moment(12 * 60)]
    assert [(hours[0], 1), (hours[1], 1)] == waiting.read("hourly_failures", "hour", "failures")
    days = [START.date(), START.date() + timedelta(days=1)]
    assert [(days[0], 1), (days[1], 1)] == waiting.read("daily_failures", "day", "failures")
    assert sorted(zip(hours, days, strict=True)) == waiting.read("failure_facts", "hour", "day")


def test_counts_of_a_day(scene: Scene) -> None:
    """By type and place, and what came of them."""
    place = {"environment": "production", "component": "api", "repository": "o/r", "branch": "main"}
    for name, fields in {
        "open": {}, "cancelled": {"cancelled": True}, "imported": {"source": "import"}, "well": {"success": True},
        "given up": {"success": False}, "unsure": {"decision": decide("build", abstained="novel")},
    }.items():  # fmt: skip
        scene.fail(name, 0, "build", **place, tool="npm", **fields)
    scene.fail("elsewhere", 0, "network", environment="staging")
    scene.store.record_action(Action("1", "escalate", "manual", "success", "open", ended=at(1)))
    counts = (
        "failures", "cancelled", "imported", "resolved", "given_up", "pending", "escalated", "abstained", "attempts",
        "timed_resolutions", "resolution_seconds",
    )  # fmt: skip
    names = ("type", "category", "severity", *place, "tool")
    assert [
        ("build", "persistent", "medium", *place.values(), "npm", 6, 1, 1, 1, 1, 4, 1, 1, 6, 0, 0.0),
        ("network", "transient", "medium", "staging", None, None, None, None, 1, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0.0),
    ] == scene.read("daily_failures", *names, *counts)
    assert [("build", "npm", 6, 1, 1), ("network", None, 1, 0, 0)] == scene.read(
        "hourly_failures", "type", "tool", "failures", "cancelled", "imported"
    )
