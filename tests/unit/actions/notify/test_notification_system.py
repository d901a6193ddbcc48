"""What is told, when, and in which message."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from errclass.actions.notify import (
    SENT,
    Delivered,
    Digest,
    Maintenance,
    Notice,
    NoticeRules,
    NotificationSystem,
)
from errclass.core.errors import StoreError, UsageError
from errclass.outcomes import Store
from errclass.testing import FakeClock, RecordingChannel

Build = Callable[..., NotificationSystem]
FAILURE = Notice("deploy failed", fingerprint="f", priority="high", operation="deploy")
RESOLVED = Notice("deploy is well again", kind="resolved", fingerprint="f", priority="low")


def again(notice: Notice = FAILURE, **changes: object) -> Notice:
    """Return another notice of the same."""
    from dataclasses import replace

    from errclass.core.ids import new_id

    return replace(notice, id=new_id(), **changes)  # type: ignore[arg-type]


def told(channel: RecordingChannel) -> list[str]:
    """Return what arrived: a notice by its words, a digest by what it names."""
    return [
        f"digest of {len(one.content.lines)}" if isinstance(one.content, Digest) else one.content.what
        for one in channel.sent
    ]


def digests(channel: RecordingChannel) -> list[Digest]:
    return [one.content for one in channel.sent if isinstance(one.content, Digest)]


def test_a_notice_is_queued_and_then_sent(build: Build, channel: RecordingChannel) -> None:
    """What becomes of it is told by its receipt."""
    system = build()
    receipt = system.send_notification(FAILURE)
    assert ("pending", []) == (receipt.status, channel.tried)
    assert (1, 0, True) == ((report := system.drain()).sent, report.failed, report.finished)
    assert (["deploy failed"], "sent") == (told(channel), system.get_receipt(FAILURE.id).status)


def test_fifty_at_once_are_nine_messages_and_one_digest(
    build: Build, channel: RecordingChannel, clock: FakeClock, notices: list[Notice]
) -> None:
    """The limit is ten in five minutes, the digest counts against it and comes after a minute."""
    system = build()
    statuses = [system.send_notification(notice).status for notice in notices]
    assert ["pending"] * 9 + ["rate_limited"] * 41 == statuses
    system.drain(59)
    assert [notice.what for notice in notices[:9]] == told(channel)
    system.drain(1)
    assert 9 == len(channel.sent)
    system.drain(1)
    assert "digest of 41" == told(channel)[-1]
    system.drain(3600)
    assert 10 == len(channel.sent)
    assert [notice.what for notice in notices[9:]] == [line.what for line in digests(channel)[0].lines]
    assert {"sent"} == {system.get_receipt(notice.id).status for notice in notices}


def test_priorities_and_channels_have_limits_of_their_own(
    store: Store, clock: FakeClock, notices: list[Notice]
) -> None:
    """Nine of each go at once."""
    one, two = RecordingChannel("one"), RecordingChannel("two")
    system = NotificationSystem(store, [one, two], clock=clock, sleep=clock.sleep)
    for number, notice in enumerate(notices[:40]):
        system.send_notification(again(notice, priority=("low", "high")[number % 2]))
    system.drain(1)
    assert (18, 18) == (len(one.sent), len(two.sent))


def test_critical_notices_are_outside_of_the_limit(
    build: Build, channel: RecordingChannel, notices: list[Notice]
) -> None:
    """All fifty go by themselves, and first."""
    system = build()
    system.send_notification(FAILURE)
    for notice in notices:
        system.send_notification(again(notice, priority="critical"))
    system.drain(1)
    assert [*(notice.what for notice in notices), "deploy failed"] == told(channel)


def test_without_a_limit_all_go(build: Build, channel: RecordingChannel, notices: list[Notice]) -> None:
    """As the development preset has it."""
    system = build(NoticeRules(limit=None))
    for notice in notices:
        system.send_notification(notice)
    system.drain(1)
    assert 50 == len(channel.sent)


def test_the_limit_is_shared_by_processes(build: Build, channel: RecordingChannel, notices: list[Notice]) -> None:
    """It is kept in the inbox."""
    for notice in notices:
        build().send_notification(notice)
        build().drain(0.1)
    assert 9 == len(channel.sent)


def test_a_repeat_is_counted_and_told_when_it_has_been_quiet(
    build: Build, channel: RecordingChannel, clock: FakeClock
) -> None:
    """In a digest at the end of the window, with how often."""
    system = build()
    for _ in range(4):
        system.send_notification(again())
        system.drain(1)
    assert ["deploy failed"] == told(channel)
    system.drain(890)
    assert 1 == len(channel.sent)
    system.drain(15)
    (line,) = digests(channel)[0].lines
    assert ("deploy failed", 3, 0) == (line.what, line.times, line.changes)


def test_repeats_before_the_first_message_are_told_with_it(build: Build, channel: RecordingChannel) -> None:
    """A burst is one message with a count."""
    system = build()
    for _ in range(5):
        system.send_notification(again())
    system.drain(3600)
    (only,) = channel.sent
    assert isinstance(only.content, Notice)
    assert (4, 5) == (only.repeats, only.content.count)
    assert {"sent": 5} == system.get_statistics().by_status


def test_after_the_window_it_is_news_again(build: Build, channel: RecordingChannel, clock: FakeClock) -> None:
    """And goes at once."""
    system = build()
    system.send_notification(again())
    system.drain(1)
    clock.sleep(1000)
    system.send_notification(again())
    system.drain(1)
    assert ["deploy failed"] * 2 == told(channel)


def test_a_repeat_of_higher_priority_is_news(build: Build, channel: RecordingChannel) -> None:
    """What was escalated is not kept back."""
    system = build()
    system.send_notification(again())
    system.send_notification(again(priority="critical"))
    system.drain(1)
    assert 2 == len(channel.sent)


def test_notices_without_a_fingerprint_are_no_repeats(build: Build, channel: RecordingChannel) -> None:
    """Each is about itself."""
    system = build()
    for _ in range(3):
        system.send_notification(Notice("something"))
    system.drain(1)
    assert 3 == len(channel.sent)


def test_the_same_notice_is_told_once(build: Build, channel: RecordingChannel) -> None:
    """However often it is queued."""
    system = build()
    receipts = [system.send_notification(FAILURE) for _ in range(3)]
    system.drain(1)
    assert ("sent", 1) == (system.send_notification(FAILURE).status, len(channel.sent))
    assert {"pending"} == {receipt.status for receipt in receipts}


def test_the_end_of_a_failure_is_told_after_it(build: Build, channel: RecordingChannel) -> None:
    """Also when both wait, and whatever priority it is given."""
    system = build()
    system.send_notification(FAILURE)
    system.send_notification(RESOLVED)
    system.drain(1)
    assert ["deploy failed", "deploy is well again"] == told(channel)


def test_the_end_of_an_alert_is_none_of_a_failure(build: Build, channel: RecordingChannel) -> None:
    """Also where both are about the same cause."""
    system = build()
    system.send_notification(FAILURE)
    alert = Notice("too many fail", kind="alert", fingerprint=FAILURE.fingerprint, priority="high", ends="alert")
    assert "skipped" == system.send_notification(again(alert, kind="resolved")).status
    system.send_notification(alert)
    system.send_notification(again(alert, what="few fail", kind="resolved"))
    system.send_notification(RESOLVED)
    system.drain(1)
    assert {"deploy failed", "deploy is well again", "too many fail", "few fail"} == set(told(channel))
    assert "one of failure" in system.send_notification(again(alert, ends="nothing")).error


def test_the_end_of_a_failure_overtakes_no_failed_attempt(
    build: Build, channel: RecordingChannel, clock: FakeClock
) -> None:
    """It waits until the failure was told, and others do not wait for it."""
    channel.results = [Delivered("again", "HTTP 503")] * 3
    system = build()
    system.send_notification(FAILURE)
    system.drain(1)
    clock.sleep(3)
    system.send_notification(RESOLVED)
    system.send_notification(again(fingerprint="g", what="another"))
    system.drain(120)
    assert ["another", "deploy failed", "deploy is well again"] == told(channel)


def test_the_end_of_what_could_not_be_told_waits_no_longer(build: Build, channel: RecordingChannel) -> None:
    """A dead letter keeps nothing waiting."""
    channel.results = [Delivered("refused", "HTTP 400")]
    system = build()
    system.send_notification(FAILURE)
    system.send_notification(RESOLVED)
    system.drain(120)
    assert ["deploy is well again"] == told(channel)


def test_a_topic_is_told_by_one_process_at_a_time(build: Build, store: Store) -> None:
    """So that the second message knows what the first one made."""
    from errclass.actions.notify import Dispatch

    class Tracker(RecordingChannel):
        def deliver(self, dispatch: Dispatch, timeout: float) -> Delivered:
            self.tried.append(dispatch)
            if len(self.tried) == 1:
                other.send_notification(again(priority="critical"))
                assert 0 == other.drain(1).sent
            return Delivered("sent", reference="ISSUE-1")

    tracker = Tracker("linear", batches=False)
    system, other = build(None, tracker), build(None, tracker)
    system.send_notification(FAILURE)
    system.drain(1)
    other.drain(60)
    assert [("high", None), ("critical", "ISSUE-1")] == [(one.content.priority, one.reference) for one in tracker.tried]


def test_the_end_of_what_nobody_was_told_is_not_told(build: Build, channel: RecordingChannel) -> None:
    """Nor is a second end of the same."""
    system = build()
    assert "skipped" == system.send_notification(RESOLVED).status
    system.send_notification(FAILURE)
    system.send_notification(again(RESOLVED))
    assert "skipped" == system.send_notification(again(RESOLVED)).status
    system.drain(3600)
    assert ["deploy failed", "deploy is well again"] == told(channel)


def test_a_failure_that_ends_before_it_was_told_is_told_with_its_end(
    build: Build, channel: RecordingChannel, notices: list[Notice]
) -> None:
    """In the digest that would have told it."""
    system = build()
    for notice in notices[:12]:
        system.send_notification(notice)
    system.send_notification(again(notices[11], kind="resolved", what="well again"))
    system.drain(120)
    lines = digests(channel)[0].lines
    assert [("failure", 1, 0), ("failure", 1, 0), ("resolved", 2, 1)] == [(x.kind, x.times, x.changes) for x in lines]
    assert 10 == len(channel.sent)


def test_what_fails_again_after_its_end_is_told(build: Build, channel: RecordingChannel) -> None:
    """It is no repeat."""
    system = build()
    for notice in (FAILURE, RESOLVED, again()):
        system.send_notification(notice)
        system.drain(1)
    assert ["deploy failed", "deploy is well again", "deploy failed"] == told(channel)


def test_what_flaps_is_told_in_a_digest(build: Build, channel: RecordingChannel, clock: FakeClock) -> None:
    """From the fourth change within an hour on."""
    system = build()
    for _ in range(5):
        for notice in (again(), again(RESOLVED)):
            system.send_notification(notice)
            system.drain(1)
            clock.sleep(10)
    assert 4 == len(channel.sent)
    system.drain(1000)
    (line,) = digests(channel)[0].lines
    assert ("resolved", 6, 5) == (line.kind, line.times, line.changes)


def test_maintenance_holds_notices_and_a_digest_tells_them(
    build: Build, channel: RecordingChannel, clock: FakeClock
) -> None:
    """Only those that it is about."""
    start = datetime.fromtimestamp(clock.now, UTC)
    window = Maintenance(start - timedelta(hours=1), start + timedelta(hours=1), environment="production")
    system = build(NoticeRules(maintenance=(window,)))
    receipt = system.send_notification(again(environment="production", priority="critical"))
    system.send_notification(again(environment="production", fingerprint="g", priority="critical"))
    system.send_notification(again(environment="staging", fingerprint="h"))
    assert ("pending", True) == (receipt.status, receipt.channels["slack"].held)
    system.drain(3500)
    assert ["deploy failed"] == told(channel)
    system.drain(200)
    assert ["deploy failed", "digest of 2"] == told(channel)


def test_nothing_is_sent_while_acting_is_switched_off(build: Build, channel: RecordingChannel) -> None:
    """It is told when it is switched on again."""
    off = build(acting=False)
    receipts = [off.send_notification(again(fingerprint=name)) for name in "abc"]
    with off:
        report = off.drain(3600)
    assert ({True}, 0, []) == ({one.channels["slack"].held for one in receipts}, report.sent, channel.tried)
    build().drain(1)
    assert ["digest of 3"] == told(channel)


def test_a_single_held_notice_is_told_in_full(build: Build, channel: RecordingChannel) -> None:
    """A digest of one would say less."""
    build(acting=False).send_notification(again(evidence=("exit 1",)))
    build().drain(1)
    (only,) = channel.sent
    assert isinstance(only.content, Notice)
    assert ("exit 1",) == only.content.evidence


def test_a_failed_attempt_is_tried_again_with_the_same_key(
    build: Build, channel: RecordingChannel, clock: FakeClock
) -> None:
    """At once a few times, then after longer and longer."""
    channel.results = [Delivered("again", "HTTP 503")] * 7
    system = build()
    system.send_notification(FAILURE)
    assert (0, 1) == ((report := system.drain(5)).sent, report.failed)
    assert (3, "pending") == (len(channel.tried), system.get_receipt(FAILURE.id).status)
    system.drain(600)
    assert (8, 1, 1) == (len(channel.tried), len(channel.sent), len({one.key for one in channel.tried}))
    assert [False] + [True] * 7 == [one.again for one in channel.tried]


def test_a_refused_message_is_a_dead_letter(build: Build, channel: RecordingChannel) -> None:
    """It is not tried again by itself; others are sent; it can be sent again under its key."""
    channel.results = [Delivered("refused", "HTTP 404: no such hook")]
    system = build()
    system.send_notification(FAILURE)
    system.send_notification(again(fingerprint="g"))
    system.drain(10_000)
    (dead,) = system.list_dead_letters()
    assert ("HTTP 404: no such hook", 1, 2) == (dead.error, dead.attempts, len(channel.tried))
    receipt = system.get_receipt(FAILURE.id)
    assert ("failed", "HTTP 404: no such hook") == (receipt.status, receipt.channels["slack"].reason)
    assert 1 == system.resend([dead.id])
    system.drain(1)
    assert (dead.id, "sent") == (channel.sent[-1].key, system.get_receipt(FAILURE.id).status)
    assert ([], 0) == (system.list_dead_letters(), system.resend())


def test_what_never_arrives_dies_in_the_end(build: Build, channel: RecordingChannel) -> None:
    """After ten rounds, some hours later."""
    channel.results = [Delivered("again", "connection refused")] * 1000
    system = build()
    system.send_notification(FAILURE)
    system.drain(24 * 3600)
    assert (30, "failed", 1) == (
        len(channel.tried),
        system.get_receipt(FAILURE.id).status,
        len(system.list_dead_letters()),
    )


def test_retry_after_holds_the_whole_channel(build: Build, channel: RecordingChannel, clock: FakeClock) -> None:
    """Nothing is tried before, and all goes after."""
    channel.results = [Delivered("again", "HTTP 429", retry_after=120.0)]
    system = build()
    for name in "abc":
        system.send_notification(again(fingerprint=name))
    system.drain(119)
    assert 1 == len(channel.tried)
    system.drain(30)
    assert 3 == len(channel.sent)


@pytest.mark.parametrize("fault", [RuntimeError("boom"), ValueError("hook https://user:hunter22@h.example/x")])
def test_a_channel_that_raises_does_no_harm(build: Build, channel: RecordingChannel, fault: Exception) -> None:
    """It counts as a failed attempt, told without secrets."""
    channel.results = [fault] * 3
    system = build()
    system.send_notification(FAILURE)
    system.drain(1)
    (waiting,) = system.get_history(waiting=True)
    assert "leaving" == waiting.state
    delivery = system._keeper.read_mail(lambda box: box.find_delivery(waiting.delivery_id), absent=None)
    assert type(fault).__name__ in delivery.error
    assert "hunter22" not in delivery.error


def test_a_lost_sender_loses_nothing(build: Build, channel: RecordingChannel, clock: FakeClock) -> None:
    """Its lease ends, and somebody else sends with the same key."""
    from errclass.actions.notify.claiming import LEASE, Sender, claim_next

    system = build()
    system.send_notification(FAILURE)
    lost = system._keeper.change_mail(
        lambda box: claim_next(box, Sender("slack", 0.0, batches=True, holder="lost"), clock.now, NoticeRules())
    )
    system.drain(LEASE - 1)
    assert [] == channel.sent
    system.drain(2)
    assert [lost.id] == [one.key for one in channel.sent]


def test_a_late_result_of_a_lost_sender_changes_nothing(build: Build, clock: FakeClock) -> None:
    """Somebody else has sent it meanwhile; a late success counts, a late failure does not."""
    from errclass.actions.notify.claiming import LEASE, Sender, claim_next
    from errclass.actions.notify.settling import settle_delivery

    system = build()
    system.send_notification(FAILURE)

    def claim(name: str) -> object:
        sender = Sender("slack", 0.0, batches=True, holder=name)
        return system._keeper.change_mail(lambda box: claim_next(box, sender, clock.now, NoticeRules()))

    first = claim("one")
    clock.sleep(LEASE + 1)
    second = claim("two")
    for leased, result in ((first, Delivered("refused", "late")), (second, SENT), (first, Delivered("refused"))):
        system._keeper.change_mail(
            lambda box, leased=leased, result=result: settle_delivery(box, leased, result, clock.now, lambda: 0.0)
        )
    assert "sent" == system.get_receipt(FAILURE.id).status


def test_channels_that_take_no_digests_get_each_topic(build: Build, notices: list[Notice]) -> None:
    """One after the other, within the limit, with what was repeated."""
    channel = RecordingChannel("linear", batches=False)
    system = build(None, channel)
    for notice in notices[:25]:
        system.send_notification(notice)
        system.send_notification(again(notice))
    system.drain(1)
    assert 9 == len(channel.sent)
    system.drain(4000)
    assert [notice.what for notice in notices[:25]] == told(channel)
    assert {2} == {one.content.count for one in channel.sent if isinstance(one.content, Notice)}


def test_one_channel_that_fails_keeps_no_other(store: Store, clock: FakeClock) -> None:
    """A notice may arrive at one and die at another."""
    good, bad = RecordingChannel("good"), RecordingChannel("bad", [Delivered("refused", "HTTP 401")])
    system = NotificationSystem(store, [good, bad], clock=clock, sleep=clock.sleep)
    receipt = system.send_notification(FAILURE, ["good", "bad", "absent"])
    assert ("pending", "skipped") == (receipt.status, receipt.channels["absent"].status)
    system.drain(1)
    assert "partial_failure" == system.get_receipt(FAILURE.id).status


def test_one_channel_may_be_named_by_itself(store: Store, clock: FakeClock) -> None:
    """As a text, which is no list of letters."""
    one, two = RecordingChannel("one"), RecordingChannel("two")
    system = NotificationSystem(store, [one, two], clock=clock, sleep=clock.sleep)
    assert ["two"] == list(system.send_notification(FAILURE, "two").channels)
    assert {"tow": "skipped"} == {
        name: found.status for name, found in system.send_notification(again(), "tow").channels.items()
    }
    system.drain(1)
    assert (0, 1) == (len(one.sent), len(two.sent))


def test_without_channels_a_notice_is_skipped(build: Build, store: Store) -> None:
    """And writes nothing."""
    assert "skipped" == NotificationSystem(store).send_notification(FAILURE).status
    assert "skipped" == build().send_notification(FAILURE, []).status
    assert not store.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        Notice("x", kind="nonsense"),  # type: ignore[arg-type]
        Notice("x", priority="urgent"),  # type: ignore[arg-type]
        Notice("x", confidence=1.5),
        Notice("x", confidence=float("nan")),
        Notice("x", id=""),
        "no notice",
    ],
)
def test_a_wrong_notice_is_a_result_and_no_error(build: Build, wrong: Notice) -> None:
    """Whoever tells is told."""
    receipt = build().send_notification(wrong)
    assert ("failed", True) == (receipt.status, bool(receipt.error))


def test_a_broken_store_is_a_result_and_no_error(clock: FakeClock, channel: RecordingChannel) -> None:
    """Neither queueing nor sending raises."""

    class Broken:
        def change_mail(self, work: object) -> None:
            raise StoreError("the disk is full")

        def read_mail(self, work: object, *, absent: object) -> None:
            raise StoreError("the disk is full")

    system = NotificationSystem(Broken(), [channel], clock=clock, sleep=clock.sleep)  # type: ignore[arg-type]
    assert ("failed", "the disk is full") == ((receipt := system.send_notification(FAILURE)).status, receipt.error)
    assert 0 == system.drain(1).sent


def test_secrets_are_masked_before_they_are_kept(build: Build, channel: RecordingChannel, store: Store) -> None:
    """In every text, and in links."""
    token = "ghp_" + "Qw3rTy7uIo" * 4
    system = build()
    system.send_notification(
        Notice(
            f"push with {token} refused",
            evidence=(f"Authorization: Bearer {token}",),
            tried=(f"curl -H 'token: {token}'",),
            next_step=f"rotate {token}",
            operation=token,
            link=f"https://ci.example.com/?token={token}",
        )
    )
    system.drain(1)
    assert token not in repr(channel.sent)
    store.close()
    from pathlib import Path

    assert not any(token.encode() in path.read_bytes() for path in Path(store.place).iterdir())


def test_statistics_count_what_happened(build: Build, channel: RecordingChannel, notices: list[Notice]) -> None:
    """By channel, priority and status."""
    channel.results = [Delivered("refused", "no")]
    system = build()
    for notice in notices[:12]:
        system.send_notification(notice)
    before = system.get_statistics()
    assert (12, 12, {"pending": 9, "rate_limited": 3}, None, 3) == (
        before.total,
        before.queued,
        dict(before.by_status),
        before.success_rate,
        before.rate_limit_hits,
    )
    system.drain(120)
    after = system.get_statistics()
    assert ({"slack": 12}, {"medium": 12}) == (dict(after.by_channel), dict(after.by_priority))
    assert ({"failed": 1, "sent": 11}, 0, 3, 11 / 12) == (
        dict(after.by_status),
        after.queued,
        after.named_in_digests,
        after.success_rate,
    )


def test_the_history_tells_the_newest_first(build: Build, notices: list[Notice]) -> None:
    """All, or only what waits."""
    system = build()
    for notice in notices[:3]:
        system.send_notification(notice)
        system.drain(1)
    system.send_notification(notices[3])
    assert ["f3", "f2"] == [entry.document["fingerprint"] for entry in system.get_history(2)]
    assert ["f3"] == [entry.document["fingerprint"] for entry in system.get_history(waiting=True)]


def test_the_queue_can_be_cleared(build: Build, channel: RecordingChannel, notices: list[Notice]) -> None:
    """What was not sent is dropped; limits and memories stay."""
    system = build()
    for notice in notices:
        system.send_notification(notice)
    assert (50, 0) == (system.clear_queue(), system.drain(3600).sent)
    assert {"skipped": 50} == dict(system.get_statistics().by_status)


def test_reset_forgets_everything(build: Build, channel: RecordingChannel) -> None:
    """The next one is the first again."""
    system = build()
    system.send_notification(FAILURE)
    system.drain(1)
    system.reset()
    assert (0, []) == (system.get_statistics().total, system.get_history())
    system.send_notification(FAILURE)
    system.drain(1)
    assert 2 == len(channel.sent)


def test_dead_letters_are_named_when_they_are_unknown(build: Build) -> None:
    """An id that is none is a user's mistake."""
    system = build()
    assert 0 == system.resend()
    with pytest.raises(UsageError, match="nonsense: no dead letter"):
        system.resend(["nonsense"])


def test_what_is_no_channel_is_refused(build: Build) -> None:
    """With what it lacks."""
    with pytest.raises(UsageError, match="lacks name, pace, batches or deliver"):
        build().register_channel(object())  # type: ignore[arg-type]


def test_listeners_are_told_every_end(build: Build, channel: RecordingChannel) -> None:
    """One that raises does no harm."""
    heard: list[object] = []

    def listen(settled: object) -> None:
        heard.append(settled)
        raise RuntimeError("boom")

    system = build(listener=listen)
    system.send_notification(FAILURE)
    system.drain(1)
    assert (1, "sent") == (len(heard), system.get_receipt(FAILURE.id).status)


def test_coroutines_queue_and_send_too(build: Build, channel: RecordingChannel) -> None:
    """Without holding up other tasks."""

    async def tell() -> str:
        system = build()
        await system.asend_notification(FAILURE)
        await system.adrain(1)
        return system.get_receipt(FAILURE.id).status

    assert ("sent", 1) == (asyncio.run(tell()), len(channel.sent))


def test_threads_send_what_comes(store: Store) -> None:
    """After ``start``, without a drain; ``stop`` leaves nothing that is due."""
    channel = RecordingChannel("slack")
    with NotificationSystem(store, [channel]) as system:
        system.register_channel(late := RecordingChannel("late"))
        for number in range(5):
            system.send_notification(Notice(f"{number}", fingerprint=f"{number}"))
    assert ([f"{n}" for n in range(5)],) * 2 == (told(channel), told(late))
