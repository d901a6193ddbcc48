"""What metrics say of what waits in the store."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.escalations import make_escalation
from support.happenings import decide

from errclass.actions.breaker import BreakerOptions, FailuresInWindow, SharedCircuitBreaker
from errclass.actions.notify import Notice, NotificationSystem
from errclass.core.clock import utc_now
from errclass.core.errors import StoreError
from errclass.core.types import Outcome
from errclass.outcomes import Store
from errclass.serve.metrics import METRICS
from errclass.serve.metrics.figure_look import KnownNames, read_figures
from errclass.serve.metrics.queue_look import read_queues
from errclass.system.alerting import AlertManager
from errclass.system.settings import Settings, load_settings
from errclass.system.settings.alerts import AlertSettings
from errclass.testing import RecordingChannel

THEN = datetime(2026, 11, 1, 12, tzinfo=UTC)
Values = dict[tuple[str, ...], float]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with a store of their own, which does not exist yet."""
    return load_settings(cwd=tmp_path, overrides={"home": str(tmp_path), "store": str(tmp_path / "store")})


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    """That store."""
    with Store(settings.store) as opened:
        yield opened


def read(settings: Settings) -> Values:
    """Return what is said, by name and labels; every series is said once, with the labels of its metric."""
    widths = {metric.name: len(metric.labels) for metric in METRICS if metric.source == "queues"}
    samples = list(read_queues(settings))
    assert [] == [one for one in samples if widths[one.name] != len(one.labels)]
    found = {(sample.name, *sample.labels): sample.value for sample in samples}
    assert len(samples) == len(found)
    return found


def pick(found: Values, name: str) -> Values:
    """Return the values of one metric that are not 0, by labels."""
    return {labels[1:]: value for labels, value in found.items() if labels[0] == f"errclass_{name}" and value}


def change_inbox(settings: Settings, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(Path(settings.store) / "inbox.sqlite")) as inbox, inbox:
        inbox.execute(statement, values)


def test_without_a_store_nothing_waits(settings: Settings) -> None:
    """All series are there, with 0, so that a rise is seen; no file is made."""
    found = read(settings)
    assert ({0}, False) == (set(found.values()), Path(settings.store).exists())
    assert {"closed", "open", "half_open", "forced_open", "disabled", "damaged"} == {
        labels[1] for labels in found if labels[0] == "errclass_breakers"
    }


def test_events_that_wait_are_counted(settings: Settings, store: Store) -> None:
    """With when the oldest happened, which is no more once they are merged."""
    for number in range(3):
        store.record(Outcome(f"o{number}", "boom", time=THEN + timedelta(hours=number)))
    found = read(settings)
    assert ({(): 3}, {(): THEN.timestamp()}) == (
        pick(found, "inbox_events"),
        pick(found, "inbox_oldest_timestamp_seconds"),
    )
    assert found["errclass_store_size_bytes",] > 1000
    store.merge()
    found = read(settings)
    assert ({}, {}) == (pick(found, "inbox_events"), pick(found, "inbox_oldest_timestamp_seconds"))


def test_events_that_cannot_be_merged_are_told_apart(settings: Settings, store: Store) -> None:
    """They wait too."""
    store.record(Outcome("a", "boom", time=THEN))
    store.record(Outcome("b", "boom", time=THEN))
    change_inbox(settings, "UPDATE events SET parked = 'odd' WHERE id = 'a'")
    found = read(settings)
    assert ({(): 2}, {(): 1}) == (pick(found, "inbox_events"), pick(found, "inbox_parked_events"))


def test_alerts_are_counted_by_state_and_severity(settings: Settings, store: Store) -> None:
    """With when the rules were last looked at; one that is over is no more."""
    alerts = AlertManager(settings, store=store)
    assert pick(read(settings), "alerts_checked_timestamp_seconds") == {}
    store.record(Outcome("a", "boom", time=utc_now(), decision=decide("resource", severity="critical")))
    (found,) = alerts.check().alerts
    checked = alerts.read_book().checked_at
    assert checked is not None
    assert {("firing", "critical"): 1} == pick(read(settings), "alerts")
    assert {(): checked.timestamp()} == pick(read(settings), "alerts_checked_timestamp_seconds")
    assert {} == pick(read(settings.model_copy(update={"alerts": AlertSettings(enabled=False)})), "alerts")
    alerts.acknowledge(found.id)
    assert {("acknowledged", "critical"): 1} == pick(read(settings), "alerts")
    for days in (2, 3):  # it has to be good for a while
        AlertManager(settings, store=store, clock=lambda days=days: utc_now() + timedelta(days=days)).check()
    assert {} == pick(read(settings), "alerts")


def test_notifications_are_counted_by_state_and_priority(settings: Settings, store: Store) -> None:
    """Those that ended well are not."""
    system = NotificationSystem(store, [RecordingChannel()])
    for number, priority in enumerate(("high", "high", "low")):
        system.send_notification(Notice(f"deploy {number} failed", priority=priority))  # type: ignore[arg-type]
    change_inbox(settings, "UPDATE mail_entries SET state = 'ready', queued_at = 1000.5 + seq")
    found = read(settings)
    assert {("ready", "high"): 2, ("ready", "low"): 1} == pick(found, "notifications")
    assert {(): 1001.5} == pick(found, "notifications_oldest_timestamp_seconds")
    change_inbox(settings, "UPDATE mail_entries SET state = CASE priority WHEN 'low' THEN 'dead' ELSE 'sent' END")
    found = read(settings)
    assert ({("dead", "low"): 1}, {}) == (
        pick(found, "notifications"),
        pick(found, "notifications_oldest_timestamp_seconds"),
    )


def test_open_escalations_are_counted(settings: Settings, store: Store) -> None:
    """By target and priority, the overdue ones apart; a target that is not known is ``other``."""
    now = utc_now()
    one = replace(make_escalation(), created=now, updated=now, open=True, target="manual", priority="high")
    known = (
        one,
        replace(one, id="late", created=now - timedelta(days=30)),
        replace(one, id="odd", target='x"} 1', priority="low"),
        replace(one, id="over", open=False, status="resolved"),
    )
    store.change_escalations(lambda _: ([each.to_dict() for each in known], None))
    found = read(settings)
    assert {("manual", "high"): 2, ("other", "low"): 1} == pick(found, "escalations_open")
    assert {(): 1} == pick(found, "escalations_overdue")


def test_breakers_are_counted_by_state(settings: Settings, store: Store) -> None:
    """One whose time is over refuses nobody; one that is damaged is told as such."""
    for name, open_for in (("refusing", 9000.0), ("over", 0.0)):
        breaker = SharedCircuitBreaker(store, name, BreakerOptions(FailuresInWindow(1, 300), open_for=open_for))
        breaker.report(breaker.acquire(), "failure")
    forced = SharedCircuitBreaker(store, "forced")
    forced.force_open()
    change_inbox(settings, "INSERT INTO states VALUES ('breaker', 'broken', ?)", '{"circuit": {"state": "odd"}}')
    found = read(settings)
    assert {("open",): 1, ("half_open",): 1, ("forced_open",): 1, ("damaged",): 1} == pick(found, "breakers")


def test_a_store_of_an_older_schema_is_left_as_it_is(
    settings: Settings, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only its size is told: a read would change it."""
    store.record(Outcome("a", "boom", time=THEN))
    monkeypatch.setattr("errclass.serve.metrics.readable_store.can_be_read", lambda _: False)
    assert {"errclass_store_size_bytes"} == {labels[0] for labels in read(settings)}


def test_a_damaged_store_is_an_error(settings: Settings, store: Store) -> None:
    """Which leaves what was found before."""
    store.record(Outcome("a", "boom", time=THEN))
    store.close()
    folder = Path(settings.store)
    (folder / "inbox.sqlite").write_bytes(b"no database" * 1000)
    for name in ("inbox.sqlite-wal", "inbox.sqlite-shm"):
        (folder / name).unlink(missing_ok=True)
    with pytest.raises(StoreError):
        read(settings)


def test_a_store_in_postgresql_tells_the_same(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """What waits, and the history."""
    with request.getfixturevalue("postgres").lend_place() as address:
        settings = load_settings(cwd=tmp_path, overrides={"home": str(tmp_path), "store": address})
        assert {0} == set(read(settings).values())
        with Store(address) as store:
            store.record(Outcome("a", "boom", time=THEN))
            NotificationSystem(store, [RecordingChannel()]).send_notification(Notice("deploy failed"))
        found = read(settings)
        assert 1 == sum(pick(found, "notifications").values())
        assert found["errclass_store_size_bytes",] > 1000
        figures = {one.name: one.value for one in read_figures(settings, KnownNames(), THEN + timedelta(hours=1))}
        assert (1, THEN.timestamp()) == (
            figures["errclass_recent_failures"],
            figures["errclass_store_newest_timestamp_seconds"],
        )
