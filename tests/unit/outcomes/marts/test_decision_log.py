"""The decision log: rule by rule."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from support.happenings import Scene, decide, moment

from errclass.core.frozen import FrozenDict
from errclass.core.types import Firing
from errclass.outcomes import Store, read_mart
from errclass.outcomes.events import row_event

HOSTILE = '\'; DROP TABLE x; -- \x1b[31m "quoted" {a} ü'
FIRST = Firing("cause/prediction", FrozenDict({"type": "network", "type_confidence": 0.95}), because="It reads so.")
SECOND = Firing(
    "retry/usual",
    FrozenDict({"retryable": True}),
    FrozenDict({"type": "build"}),
    HOSTILE,
    FrozenDict({"component": HOSTILE, "attempt": 2}),
)


def read(scene: Scene) -> list[dict[str, Any]]:
    """Return the rows in the order in which rules fired."""
    scene.read("decision_log", "place")
    return sorted(read_mart(scene.store, "decision_log"), key=lambda row: (row["failure_id"], row["place"]))


def test_every_rule_that_fired_has_its_row(scene: Scene) -> None:
    """In order, with what it looked at, set, and lost."""
    decision = decide("network", decision_id="d1")
    scene.fail("a", 3, decision=decision, trace=(FIRST, SECOND))
    first, second = read(scene)
    assert ("a", "d1", moment(3), 1, "cause/prediction") == tuple(first.values())[:5]
    assert ({}, {}, "It reads so.") == (json.loads(first["used"]), json.loads(first["overridden"]), first["because"])
    assert ("r1", "m1") == (first["rules_revision"], first["model_version"])
    assert (2, {"type": "build"}, HOSTILE) == (second["place"], json.loads(second["overridden"]), second["because"])
    assert {"component": HOSTILE, "attempt": 2} == json.loads(second["used"])
    assert {"retryable": True} == json.loads(second["sets"])


def test_a_decision_without_its_rules_has_no_row(scene: Scene) -> None:
    """Nor has a failure without a decision."""
    scene.fail("a", 0, "network")
    scene.fail("b", 0)
    assert [] == read(scene)


def test_a_trace_that_is_none_hides_no_other(scene: Scene) -> None:
    """A rule without a name is shown; what is no list has no rows."""
    scene.fail("a", 0, decision=decide("network"), trace=(FIRST,))
    scene.fail("b", 0)
    for number, trace in enumerate(("3", "null", '{"rule": "x"}', '"text"', "[]", "[3]", '[{"sets": [1]}]')):
        row = {"id": f"{number}", "failure_id": "b", "facts": "{}", "trace": trace}
        scene.store.add_events([row_event("decisions", row)])
    assert [("a", FIRST.rule, "{}"), ("b", None, "[1]"), ("b", None, "{}")] == sorted(
        (row["failure_id"], row["rule"], row["sets"] if row["failure_id"] == "b" else "{}") for row in read(scene)
    )


def test_a_broken_file_hides_no_other(store: Store, folder: Path) -> None:
    """What is no JSON at all has no rows."""
    import duckdb

    scene = Scene(store, Store.merge)
    for name in ("a", "b"):
        scene.fail(name, 0, decision=decide("network"), trace=(FIRST,))
    store.merge()
    with duckdb.connect(folder / "outcomes.duckdb") as session:
        session.execute("UPDATE decisions SET trace = '[{' WHERE failure_id = 'b'")
    assert ["a"] == [row["failure_id"] for row in read(scene)]


def test_decisions_are_numbered_each_by_itself(scene: Scene) -> None:
    """From 1."""
    for name in ("a", "b"):
        scene.fail(name, 0, decision=decide("network"), trace=(FIRST, SECOND))
    assert [("a", 1), ("a", 2), ("b", 1), ("b", 2)] == [(row["failure_id"], row["place"]) for row in read(scene)]
