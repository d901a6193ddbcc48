"""A store that somebody else holds keeps nobody waiting, and urgent news go without it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from errclass.actions.notify import Delivered, Maintenance, Notice, NoticeKind, NoticeRules, NotificationSystem
from errclass.actions.notify import notification_system as system_module
from errclass.core.types import Severity
from errclass.outcomes import Store
from errclass.testing import RecordingChannel

BUSY = "the store is busy; it is queued when that is free, if this process still runs"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """Return a store that is there, and is not waited for."""
    monkeypatch.setattr(system_module, "STORE_SECONDS", 0.05)
    with Store(tmp_path / "store") as opened:
        opened.change_mail(lambda box: box.clear())
        yield opened


@pytest.fixture
def lock(store: Store, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Hold its inbox as another process would."""
    (file,) = (tmp_path / "store").rglob("inbox.sqlite")
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield connection


@pytest.mark.parametrize("priority", ["critical", "high"])
def test_urgent_news_are_told_directly_and_only_once(
    store: Store, lock: sqlite3.Connection, priority: Severity
) -> None:
    """When the store is free they are kept as sent."""
    channel = RecordingChannel("slack")
    system = NotificationSystem(store, [channel])
    receipt = system.send_notification(Notice("production is down", priority=priority))
    assert ("sent", "told directly, since the store was busy") == (
        receipt.status,
        receipt.channels["slack"].reason,
    )
    assert ["production is down"] == [one.content.what for one in channel.sent if isinstance(one.content, Notice)]
    lock.execute("ROLLBACK")
    system.drain(10)
    assert ("sent", 1) == (system.get_receipt(receipt.notice_id).status, len(channel.sent))


@pytest.mark.parametrize(
    ("priority", "kind", "batches", "acting"),
    [
        ("medium", "failure", True, True),
        ("critical", "resolved", True, True),
        ("critical", "failure", False, True),
        ("critical", "failure", True, False),
    ],
    ids=["not urgent", "an end", "an issue", "not acting"],
)
def test_what_needs_the_store_waits_for_it(
    store: Store, lock: sqlite3.Connection, priority: Severity, kind: NoticeKind, batches: bool, acting: bool
) -> None:
    """In this process."""
    channel = RecordingChannel("slack", batches=batches)
    system = NotificationSystem(store, [channel], acting=acting)
    receipt = system.send_notification(Notice("x", priority=priority, kind=kind))
    assert ("pending", BUSY, []) == (receipt.status, receipt.channels["slack"].reason, channel.tried)
    lock.execute("ROLLBACK")
    system._await_late(10)
    assert [receipt.notice_id] == [entry.notice_id for entry in system.get_history()]


def test_what_could_not_be_told_directly_is_queued(store: Store, lock: sqlite3.Connection) -> None:
    """The receipt says why; the queue sends it."""
    channel = RecordingChannel("slack", [Delivered("again", "HTTP 503")])
    system = NotificationSystem(store, [channel])
    receipt = system.send_notification(Notice("x", priority="critical"))
    assert ("pending", f"{BUSY}; told directly it failed: HTTP 503") == (
        receipt.status,
        receipt.channels["slack"].reason,
    )
    lock.execute("ROLLBACK")
    system.drain(10)
    assert "sent" == system.get_receipt(receipt.notice_id).status


def test_maintenance_holds_also_what_would_go_directly(store: Store, lock: sqlite3.Connection) -> None:
    """Nobody is disturbed."""
    now = datetime.now(UTC)
    rules = NoticeRules(maintenance=(Maintenance(now - timedelta(hours=1), now + timedelta(hours=1)),))
    channel = RecordingChannel("slack")
    receipt = NotificationSystem(store, [channel], rules).send_notification(Notice("x", priority="critical"))
    lock.execute("ROLLBACK")
    assert ("pending", []) == (receipt.status, channel.tried)
