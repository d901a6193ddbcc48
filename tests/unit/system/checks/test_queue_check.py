"""What waits in the store."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from support.escalations import make_escalation

from errclass.actions.notify import Notice, NotificationSystem
from errclass.core.clock import utc_now
from errclass.core.types import Outcome
from errclass.outcomes import Store
from errclass.system.checks import check_queue
from errclass.system.settings import Settings
from errclass.testing import RecordingChannel


def change_inbox(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / "inbox.sqlite")) as inbox, inbox:
        inbox.execute(statement)


def test_where_there_is_no_store_nothing_waits(settings: Settings) -> None:
    """And none is made."""
    assert ("ok", False) == (check_queue(settings).status, Path(settings.store).exists())


def test_a_store_in_order_is_well(settings: Settings, folder: Path) -> None:
    """All counts are nothing."""
    check = check_queue(settings)
    assert "ok" == check.status
    assert {0, None} == set(check.details.values())


def test_fresh_events_are_no_fault(settings: Settings, folder: Path) -> None:
    """They are merged by whoever comes next."""
    with Store(settings.store) as store:
        store.record(Outcome(id="b", text="x", time=utc_now()))
    check = check_queue(settings)
    assert ("ok", 1) == (check.status, check.details["events"])


def test_old_events_are_a_warning(settings: Settings, folder: Path) -> None:
    """Nobody merges here."""
    with Store(settings.store) as store:
        store.record(Outcome(id="b", text="x", time=utc_now() - timedelta(days=3)))
    check = check_queue(settings)
    assert "warning" == check.status
    assert "3 d ago" in check.message
    assert "errclass outcomes merge" in check.advice


def test_events_that_cannot_be_merged_are_a_warning(settings: Settings, folder: Path) -> None:
    """A later version may be able to."""
    with Store(settings.store) as store:
        store.record(Outcome(id="b", text="x", time=utc_now()))
    change_inbox(folder, "UPDATE events SET parked = 'odd'")
    check = check_queue(settings)
    assert ("warning", 1) == (check.status, check.details["parked"])


def test_notifications_that_wait_a_moment_are_no_fault(settings: Settings, folder: Path) -> None:
    """They are counted."""
    with Store(settings.store) as store:
        NotificationSystem(store, [RecordingChannel()]).send_notification(Notice("deploy failed"))
    check = check_queue(settings)
    assert ("ok", 1) == (check.status, check.details["notifications"])


def test_notifications_that_wait_long_are_a_warning(settings: Settings, folder: Path) -> None:
    """No process sends them."""
    with Store(settings.store) as store:
        NotificationSystem(store, [RecordingChannel()]).send_notification(Notice("deploy failed"))
    change_inbox(folder, "UPDATE mail_entries SET queued_at = queued_at - 8000, state = 'ready'")
    check = check_queue(settings)
    assert "warning" == check.status
    assert "waits to be sent for 2 h" in check.message


def test_dead_letters_are_a_warning(settings: Settings, folder: Path) -> None:
    """With how to send them again."""
    with Store(settings.store) as store:
        NotificationSystem(store, [RecordingChannel()]).send_notification(Notice("deploy failed"))
    values = "'d', 'recording', 'high', '{}', 0, 'dead', 9, 0, 0, '', 'refused', 1"
    change_inbox(folder, f"INSERT INTO mail_deliveries VALUES ({values})")
    check = check_queue(settings)
    assert ("warning", 1) == (check.status, check.details["dead_letters"])
    assert "resend" in check.advice


@pytest.mark.parametrize(("minutes", "status", "overdue"), [(1, "ok", 0), (600, "warning", 1)])
def test_only_overdue_escalations_are_a_warning(
    settings: Settings, folder: Path, minutes: int, status: str, overdue: int
) -> None:
    """An open one in time is what people are at."""
    created = utc_now() - timedelta(minutes=minutes)
    one = replace(make_escalation(), created=created, updated=created, priority="high", open=True)
    with Store(settings.store) as store:
        store.change_escalations(lambda known: ([one.to_dict()], None))
    check = check_queue(settings)
    assert (status, 1, overdue) == (check.status, check.details["escalations"], check.details["escalations_overdue"])


def test_one_that_was_told_as_overdue_still_is(settings: Settings, folder: Path) -> None:
    """It is not told once and forgotten."""
    created = utc_now() - timedelta(days=30)
    one = replace(make_escalation(), created=created, open=True, breaches=("acknowledge", "resolve"))
    with Store(settings.store) as store:
        store.change_escalations(lambda known: ([one.to_dict()], None))
    assert 1 == check_queue(settings).details["escalations_overdue"]


def test_a_damaged_inbox_is_a_problem(settings: Settings, folder: Path) -> None:
    """Which the check of the store tells more of."""
    (folder / "inbox.sqlite").write_bytes(b"no database" * 1000)
    for name in ("inbox.sqlite-wal", "inbox.sqlite-shm"):
        (folder / name).unlink(missing_ok=True)
    assert "problem" == check_queue(settings).status
