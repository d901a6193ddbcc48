"""The described queries that reports are made from."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from support.happenings import Scene, at

from errclass.core.errors import UsageError
from errclass.core.happenings import Action
from errclass.outcomes import FILTERS, Store, check_filters, open_figures, open_marts
from errclass.outcomes.sql_files import FOLDER, load_sql
from errclass.reports import REPORT_TYPES
from errclass.reports.alerts import KINDS, find_queries
from errclass.reports.registry import load_type
from errclass.reports.tracking.reading import QUERIES
from errclass.reports.tracking.series import SLOT_QUERIES
from errclass.serve.dashboard.navigation import NAVIGATION
from errclass.serve.metrics import figure_look

NAMES = sorted(path.stem for path in (FOLDER / "figures").glob("*.sql"))
PARAMETERS: dict[str, dict[str, Any]] = {
    "attribute_counts": {"size": 3},
    "attribute_pairs": {"size": 3},
    "cause_history": {"history": 86_400.0, "size": 3},
    "top_causes": {"size": 3},
    "lost_time_causes": {"size": 3},
    "newest_failures": {"size": 3},
    "newest_of_cause": {"fingerprint": "a" * 16},
    "escalation_slots": {"seconds": 60},
    "failure_slots": {"seconds": 60},
    "open_incidents": {"size": 3},
    "operation_slots": {"seconds": 60},
    "recovery_curve": {"size": 3},
    "recovery_slots": {"seconds": 60},
    "run_slots": {"seconds": 60},
    "recovery_time_within": {"horizon": 60.0},
}
SILENT = {
    "action_counts",
    "alert_critical",
    "alert_recoveries",
    "attribute_pairs",
    "calibration_bins",
    "confidence_bins",
    "escalation_slots",
    "labelled_answers",
    "message_counts",
    "recovery_reruns",
    "recovery_time",
    "recovery_types",
    "types_together",
}
"""What a single failure without a repository tells nothing about."""
PLACED = {"dimension": "all", "wanted": None, "size": 3}
PARAMETERS |= {name: PLACED for name in NAMES if name.startswith("alert_")}
PARAMETERS |= {name: {**PLACED, "seconds": 3600.0} for name in ("alert_calls", "alert_runs", "alert_spikes")}
SINCE, UNTIL = at(0), at(60)


def read(store: Store, name: str, **filters: str) -> list[dict[str, Any]]:
    with open_figures(store, name, filters=check_filters(filters)) as reader:
        return reader.read(name, SINCE, UNTIL, **PARAMETERS.get(name, {}))


@pytest.fixture
def filled(store: Store) -> Store:
    """Two failures of two operations, of which one was recovered and run again."""
    scene = Scene(store)
    scene.fail("a", 1, "build", fingerprint="a" * 16, environment="production", component="api")
    scene.fail("b", 2, "test", fingerprint="b" * 16, operation="test", repository="shop")
    store.record_action(Action("r", "recover", "clean", "success", "a", ended=at(3)))
    scene.call("again", 4, True, environment="production", component="api", failure_id="a", recovery="clean")
    return store


def test_every_query_says_first_what_it_is_about() -> None:
    """In a comment."""
    assert [] == [name for name in NAMES if not load_sql(f"figures/{name}").startswith("-- ")]


def test_every_query_is_asked() -> None:
    """By a report, by what tells how operations work, by an alert, for metrics or by a page; none is left over."""
    asked = {query for name in REPORT_TYPES for query in load_type(name).queries}
    pages = [import_module(f"errclass.serve.dashboard.pages.{entry.module}") for entry in NAVIGATION]
    shown = {query for page in pages for query in getattr(page, "QUERIES", ())}
    assert set(NAMES) == asked | shown | {*QUERIES, *SLOT_QUERIES, *find_queries(KINDS), *figure_look.QUERIES}


@pytest.mark.parametrize("name", NAMES)
def test_every_query_answers_on_any_store(store: Store, name: str) -> None:
    """Also where nothing was ever written."""
    read(store, name)
    Scene(store).fail("a", 1, "build", fingerprint="a" * 16)
    assert read(store, name) or name in SILENT or "retry" in name or "rerun" in name
    store.merge()
    read(store, name)


def test_filters_choose_failures_calls_and_incidents(filled: Store) -> None:
    """By each of what can be filtered by."""
    found = {"environment": "production", "operation": "deploy", "component": "api", "type": "build"}
    for name, value in found.items():
        assert ["a"] == [row["failure_id"] for row in read(filled, "newest_failures", **{name: value})]
        assert [1] == [row["success"] for row in read(filled, "action_counts", **{name: value})]
        assert [1] == [row["incidents"] for row in read(filled, "recovery_time", **{name: value})]
    assert ["b"] == [row["failure_id"] for row in read(filled, "newest_failures", repository="shop")]
    assert [] == read(filled, "action_counts", repository="shop")
    assert [2] == [row["incidents"] for row in read(filled, "recovery_time", severity="medium")]
    assert [] == read(filled, "recovery_time", severity="low")
    assert [2, 1] == [
        read(filled, "call_counts", **chosen)[0]["calls"]
        for chosen in ({"operation": "deploy"}, {"repository": "shop"})
    ]


def test_one_look_answers_for_several_windows(filled: Store) -> None:
    """Each question has its own."""
    with open_figures(filled, "failure_slots") as reader:
        counts = [
            sum(row["failures"] for row in reader.read("failure_slots", SINCE, until, seconds=60))
            for until in (SINCE + timedelta(minutes=90), SINCE + timedelta(minutes=2), SINCE)
        ]
    assert [2, 1, 0] == counts


def test_marts_without_filters_are_as_before(filled: Store) -> None:
    """Filters change only sessions that set them."""
    with open_marts(filled, "mttr") as session:
        assert [(2,)] == session.execute("SELECT incidents FROM mttr WHERE dimension = 'all'").fetchall()
    with open_marts(filled, "mttr", filters=check_filters({"type": "test"})) as session:
        assert [(1,)] == session.execute("SELECT incidents FROM mttr WHERE dimension = 'all'").fetchall()


@pytest.mark.parametrize("filters", [{"nothing": "x"}, {"type": ""}, {"type": []}, {"severity": "worst"}])
def test_a_filter_that_there_is_not_is_refused(filters: dict[str, Any]) -> None:
    """Before the store is opened."""
    with pytest.raises(UsageError):
        check_filters(filters)


def test_filters_are_in_one_form() -> None:
    """However they were given; all names are taken."""
    assert {"environment": ("a", "b"), "type": ("x",)} == dict(
        check_filters({"type": "x", "environment": ["b", "a", "b"]})
    )
    assert set(FILTERS) == set(check_filters(dict.fromkeys(FILTERS, "high")))


def test_a_filter_is_written_as_values_are_stored() -> None:
    """A byte of the command line that is no text finds nothing, and breaks nothing."""
    assert {"environment": ("a?",)} == dict(check_filters({"environment": ["a\ud800", "a\udfff"]}))
