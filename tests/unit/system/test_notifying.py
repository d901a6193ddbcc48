"""Notifications as the settings have them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from errclass.actions.notify import Delivered, Notice
from errclass.core.errors import StoreError
from errclass.core.types import Context, Decision, History
from errclass.outcomes import Store
from errclass.system.notifying import make_notice, make_notifications
from errclass.system.settings import DecisionSettings, Settings, load_settings
from errclass.testing import RecordingChannel, quick_retries

THEN = datetime(2026, 11, 1, tzinfo=UTC)
DECISION = Decision(
    category="external",
    type="network",
    severity="high",
    retryable=True,
    confidence=0.9,
    suggested_action="wait for the registry",
    evidence=("curl: (6) Could not resolve host",),
    fingerprint="f00d",
    context=Context(environment="production", operation="deploy", repository="shop", branch="main", commit="abc"),
    priority="critical",
    decision_id="d1",
    history=History(seen=4, first_seen=THEN, last_seen=THEN),
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with a limit of two."""
    return Settings(home=tmp_path, store=str(tmp_path / "store"), notifications={"limit": 2})  # type: ignore[arg-type]


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    """The store of the settings."""
    with Store(settings.store) as opened, quick_retries():
        yield opened


def read_messages(store: Store) -> list[tuple[Any, ...]]:
    with store.reading() as session:
        return session.execute(
            "SELECT channel, priority, status, failure_id, decision_id, document FROM notifications ORDER BY id"
        ).fetchall()


def test_a_notice_tells_a_decision() -> None:
    """All that is known of it."""
    notice = make_notice(DECISION, tried=("3 attempts",), link="https://ci.example.com/1", failure_id="x1")
    assert ("deploy failed: network", "failure", "critical", "f00d") == (
        notice.what,
        notice.kind,
        notice.priority,
        notice.fingerprint,
    )
    assert (4, THEN, THEN, "x1", "d1") == (
        notice.count,
        notice.first_seen,
        notice.last_seen,
        notice.failure_id,
        notice.decision_id,
    )
    assert ("wait for the registry", ("3 attempts",), "production", "shop", "main", "abc") == (
        notice.next_step,
        notice.tried,
        notice.environment,
        notice.repository,
        notice.branch,
        notice.commit,
    )


def test_limits_are_those_of_the_settings(settings: Settings, store: Store) -> None:
    """One of two is kept for a digest."""
    system = make_notifications(settings, store).system
    system.register_channel(RecordingChannel("slack"))
    statuses = [system.send_notification(Notice(f"{n}", fingerprint=f"{n}")).status for n in range(2)]
    assert ["pending", "rate_limited"] == statuses


def test_a_limit_of_none_is_written_as_zero(settings: Settings, store: Store) -> None:
    """TOML has no word for it."""
    changed = settings.model_copy(update={"notifications": settings.notifications.model_copy(update={"limit": 0})})
    system = make_notifications(changed, store).system
    system.register_channel(RecordingChannel("slack"))
    assert {"pending"} == {system.send_notification(Notice(f"{n}", fingerprint=f"{n}")).status for n in range(20)}


def test_every_end_is_recorded(settings: Settings, store: Store) -> None:
    """Sent, named in another message, and dead; dropped ones were none."""
    system = make_notifications(settings, store).system
    system.register_channel(RecordingChannel("good"))
    system.register_channel(RecordingChannel("bad", [Delivered("refused", "HTTP 401")]))
    system.send_notification(make_notice(DECISION, failure_id="x1"))
    system.send_notification(make_notice(DECISION, failure_id="x2"))
    system.send_notification(Notice("never told", kind="resolved", fingerprint="other"))
    assert 1 == system.drain(1).sent
    rows = read_messages(store)
    assert {("good", "sent", "x1"), ("good", "sent", "x2"), ("bad", "failed", "x1"), ("bad", "failed", "x2")} == {
        (channel, status, failure) for channel, _, status, failure, _, _ in rows
    }
    assert {("critical", "d1")} == {(priority, decision) for _, priority, _, _, decision, _ in rows}
    assert 2 == sum("HTTP 401" in document for *_, document in rows)


def test_an_end_that_cannot_be_recorded_was_sent_all_the_same(
    settings: Settings, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is logged."""
    system = make_notifications(settings, store).system
    system.register_channel(channel := RecordingChannel("slack"))
    receipt = system.send_notification(Notice("x"))

    def fail(message: object) -> None:
        raise StoreError("the disk is full")

    monkeypatch.setattr(store, "record_message", fail)
    system.drain(1)
    assert (1, "sent") == (len(channel.sent), system.get_receipt(receipt.notice_id).status)


def test_the_kill_switch_holds_everything_back(settings: Settings, store: Store) -> None:
    """Until it is released: then what waited is sent."""
    off = settings.model_copy(update={"decision": DecisionSettings(kill_switch=True)})
    system = make_notifications(off, store).system
    system.register_channel(channel := RecordingChannel("slack"))
    receipt = system.send_notification(Notice("x"))
    assert (0, True, []) == (system.drain(1).sent, receipt.channels["slack"].held, channel.tried)
    assert ("refused", "acting is switched off") == (
        (tested := system.test_channel("slack")).status,
        tested.detail,
    )
    again = make_notifications(settings, store).system
    again.register_channel(channel)
    assert (1, "sent") == (again.drain(1).sent, again.get_receipt(receipt.notice_id).status)


def test_a_channel_that_cannot_be_made_is_a_fault(settings: Settings, store: Store) -> None:
    """And no error."""
    wrong = settings.notifications.model_copy(update={"channels": {"slack": {"webhook_url": "ftp://x"}}})
    made = make_notifications(settings.model_copy(update={"notifications": wrong}), store)
    assert ((), 1) == (made.system.channels, len(made.faults))


PLAIN = {
    "NOTIFICATION_EMAIL_SMTP_HOST": "mail.example.com",
    "NOTIFICATION_EMAIL_SMTP_PORT": "465",
    "NOTIFICATION_EMAIL_SMTP_USER": "ci",
    "NOTIFICATION_EMAIL_SMTP_PASS": "hunter22",
    "NOTIFICATION_EMAIL_FROM": "errclass <ci@example.com>",
    "NOTIFICATION_EMAIL_TO": "oncall@example.com, cto@example.com",
    "LINEAR_API_KEY": "lin_api_1",
    "LINEAR_TEAM_ID": "team",
}


def test_plain_variables_make_channels(store: Store, home: Path, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without any file."""
    for name, value in PLAIN.items():
        monkeypatch.setenv(name, value)
    made = make_notifications(load_settings(cwd=tree), store)
    assert ({"email", "linear"}, ()) == ({*made.system.channels}, made.faults)


def test_all_that_a_channel_lacks_is_named(
    store: Store, home: Path, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one message."""
    monkeypatch.setenv("NOTIFICATION_EMAIL_SMTP_HOST", "mail.example.com")
    (fault,) = make_notifications(load_settings(cwd=tree), store).faults
    prefix, variable = "notifications.channels.email.", "ERRCLASS_NOTIFICATIONS__CHANNELS__EMAIL__"
    assert fault == (
        f"{prefix}sender, {prefix}recipients: missing; "
        f"set them in config.toml or as {variable}SENDER and {variable}RECIPIENTS"
    )
