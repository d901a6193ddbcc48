"""What cannot be sent, or not even read, keeps nothing else waiting."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from errclass.actions.notify import Digest, DigestLine, Notice, NotificationSystem
from errclass.actions.notify.preparing import prepare_notice
from errclass.core.errors import UsageError
from errclass.outcomes import Store
from errclass.testing import RecordingChannel

Build = Callable[..., NotificationSystem]
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """What goes wrong on purpose is not shown."""
    log = logging.getLogger("errclass")
    before, log.level = log.level, logging.CRITICAL
    yield
    log.setLevel(before)


@pytest.mark.parametrize(
    "wrong",
    [
        {"count": "many"},
        {"count": 0},
        {"count": True},
        {"count": 1.5},
        {"first_seen": "yesterday"},
        {"last_seen": 1_700_000_000},
        {"time": NOW.replace(tzinfo=None)},
        {"time": None},
        {"severity": "terrible"},
        {"confidence": "high"},
    ],
)
def test_a_notice_that_could_not_be_sent_is_not_queued(
    build: Build, channel: RecordingChannel, wrong: dict[str, Any]
) -> None:
    """Whoever tells it is told which field is wrong, and other notices go."""
    system = build()
    receipt = system.send_notification(Notice("x", priority="high", **wrong))
    assert ("failed", True) == (receipt.status, receipt.error.startswith(f"{next(iter(wrong))}: "))
    system.send_notification(Notice("y", priority="low"))
    assert (1, 0) == ((report := system.drain(1)).sent, report.failed)


def test_a_notice_with_all_its_fields_is_queued() -> None:
    """Times become UTC; all else stays."""
    local = NOW.astimezone(timezone(timedelta(hours=2)))
    notice = Notice("x", count=3, first_seen=local, last_seen=NOW, severity="low", confidence=1, time=local)
    assert notice == prepare_notice(notice)
    assert UTC == prepare_notice(notice).time.tzinfo


def test_a_time_that_no_clock_shows_is_a_wrong_value() -> None:
    """It cannot be kept in UTC."""
    with pytest.raises(UsageError, match="first_seen"):
        prepare_notice(Notice("x", first_seen=datetime.min.replace(tzinfo=timezone(timedelta(hours=2)))))


DAMAGES = ["{", "[]", "{}", '{"what": "x", "count": "many"}', '{"what": "x", "time": "yesterday"}', "null"]


def damage(store: Store, table: str, text: str, condition: str = "1") -> None:
    store.change_mail(lambda box: box._run(f"UPDATE {table} SET document = ? WHERE {condition}", (text,)))


@pytest.mark.parametrize("text", DAMAGES)
@pytest.mark.parametrize("state", ["ready", "gathered", "leaving"])
def test_a_damaged_row_becomes_a_dead_letter_and_keeps_no_other(
    build: Build, channel: RecordingChannel, store: Store, text: str, state: str
) -> None:
    """Also where it was written by an earlier version that checked less, and where it is all that waits."""
    system = build()
    bad, good = Notice("bad", fingerprint="b"), Notice("good", fingerprint="g", priority="critical")
    system.send_notification(bad)
    if state == "leaving":
        channel.results = [RuntimeError("down")] * 3
        system.drain(1)
        damage(store, "mail_deliveries", text)
    else:
        store.change_mail(lambda box: box._run("UPDATE mail_entries SET state = ?", (state,)))
        damage(store, "mail_entries", text)
    system.drain(1000)
    system.send_notification(good)
    system.drain(1000)
    assert ["good"] == [one.content.what for one in channel.sent if isinstance(one.content, Notice)]
    (dead,) = system.list_dead_letters()
    assert ("failed", True) == (system.get_receipt(bad.id).status, "cannot read" in dead.error)
    assert 1 == system.resend()
    system.drain(1000)
    assert (1, 1) == (len(system.list_dead_letters()), len(channel.sent))


def test_a_damaged_row_among_many_leaves_the_digest_of_the_others(
    build: Build, channel: RecordingChannel, store: Store, notices: list[Notice]
) -> None:
    """It alone is dead."""
    system = build()
    for notice in notices:
        system.send_notification(notice)
    damage(store, "mail_entries", "{", f"notice_id = '{notices[30].id}'")
    system.drain(1000)
    assert {"sent": 49, "failed": 1} == dict(system.get_statistics().by_status)
    assert 40 == len(channel.sent[-1].content.lines)  # type: ignore[union-attr]


@pytest.mark.parametrize("text", ["{", "{}", '{"sent": "x"}', '{"sent": ["x"], "until": "x", "changes": 5}', "[]"])
def test_damaged_notes_of_a_channel_are_forgotten(
    build: Build, channel: RecordingChannel, store: Store, text: str
) -> None:
    """A channel does not stop for what it noted."""
    system = build()
    system.send_notification(Notice("one", fingerprint="f"))
    system.drain(1)
    damage(store, "mail_notes", text)
    assert "pending" == system.send_notification(Notice("two", fingerprint="g", priority="low")).status
    system.drain(1)
    assert 2 == len(channel.sent)


def test_a_newer_version_may_add_fields() -> None:
    """To notices, digests and their lines."""
    line = DigestLine("x", "failure", 2, 0, "high", NOW, NOW)
    digest = Digest((line,), "high", NOW, NOW)
    document = json.loads(json.dumps(digest.to_dict()))
    document["lines"][0]["mood"] = document["mood"] = "bad"
    assert digest == Digest.from_dict(document)
    notice = Notice("x")
    assert notice == Notice.from_dict(notice.to_dict() | {"mood": "bad"})


def test_a_fault_of_our_own_ends_no_courier(build: Build, channel: RecordingChannel, store: Store) -> None:
    """It is logged, and the drain says that not all was tried."""
    system = build()
    system.send_notification(Notice("x"))
    courier = system._couriers["slack"]
    find, courier._has_work = courier._has_work, lambda _: 1 / 0  # type: ignore[method-assign]
    assert (0, False) == ((report := system.drain(1)).sent, report.finished)
    courier._has_work = find  # type: ignore[method-assign]
    assert (1, True) == ((report := system.drain(1)).sent, report.finished)
