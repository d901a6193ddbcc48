"""The failures one by one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from support.random_history import END, Truth

from errclass.outcomes import Store
from errclass.reports import make_report, render_report
from errclass.reports.detailed.making import MOST_ERRORS


@pytest.mark.parametrize(
    "filters", [{}, {"environment": "staging"}, {"type": "network"}, {"environment": "nowhere"}], ids=str
)
def test_each_failure_is_there(history: Store, truth: Truth, filters: dict[str, Any]) -> None:
    """Newest first, with what came of it; cancelled ones are left out."""
    data = make_report(history, "detailed", window="14d", filters=filters, now=END).body.data
    expected = [
        fault
        for fault in truth.faults
        if END - timedelta(days=14) <= fault.time < END
        and not fault.cancelled
        and filters.get("type", fault.type) == fault.type
        and filters.get("environment", fault.place[0]) == fault.place[0]
    ]
    expected.sort(key=lambda fault: (fault.time, fault.id), reverse=True)
    assert (len(expected), len(expected)) == (data.total_errors, data.shown)
    for fault, row in zip(expected, data.errors, strict=True):
        assert (fault.id, fault.time.replace(tzinfo=None), fault.type) == (row["id"], row["time"], row["type"])
        assert (*fault.place,) == (row["environment"], row["operation"], row["component"], row["repository"])
        assert (fault.severity, fault.cause, fault.escalated) == (row["severity"], row["fingerprint"], row["escalated"])
        assert (fault.seconds is not None, fault.seconds) == (row["resolved"], row["resolution_seconds"])
        assert (fault.seconds is None and not fault.given_up) == row["pending"]
        assert f"error of {fault.place[1]}" == row["message"]


def test_only_the_newest_are_listed(store: Store, write_failures: Callable[[Store, int, datetime], None]) -> None:
    """All are counted, and what is left out is said."""
    write_failures(store, MOST_ERRORS, END - timedelta(hours=1))
    write_failures(store, 5, END - timedelta(hours=2))
    report = make_report(store, "detailed", now=END)
    data = report.body.data
    assert (MOST_ERRORS + 5, MOST_ERRORS, MOST_ERRORS) == (data.total_errors, data.shown, len(data.errors))
    assert {END.replace(tzinfo=None) - timedelta(hours=1)} == {row["time"] for row in data.errors}
    assert "The newest 1000 are listed; 5 older ones are not." in render_report(report, "md")


def test_what_came_of_each_is_said_in_words(history: Store, truth: Truth) -> None:
    """As it was."""
    report = make_report(history, "detailed", window="14d", now=END)
    (table,) = report.sections[0].tables
    names = [column.name for column in table.columns]
    states = {row[names.index("id")]: row[names.index("state")] for row in table.rows}
    faults = {fault.id: fault for fault in truth.faults if fault.id in states}
    assert {
        name: "resolved" if fault.seconds is not None else "given up" if fault.given_up else "pending"
        for name, fault in faults.items()
    } == states
    assert {"resolved", "given up", "pending"} == set(states.values())
