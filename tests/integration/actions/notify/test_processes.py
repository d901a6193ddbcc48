"""Notices outlive the processes that queue and send them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.posts_server import Answer, PostsServer, serve_posts

from errclass.actions.notify import NotificationSystem
from errclass.actions.notify.channels.webhook import WebhookChannel, WebhookOptions
from errclass.actions.notify.claiming import LEASE
from errclass.outcomes import Store
from errclass.testing import FakeClock

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kills with SIGKILL")

QUEUE_AND_WAIT = """
import sys, time
from errclass.actions.notify import Notice, NotificationSystem
from errclass.actions.notify.channels.webhook import WebhookChannel, WebhookOptions
from errclass.outcomes import Store
store = Store(sys.argv[1])
system = NotificationSystem(store, [WebhookChannel(WebhookOptions(sys.argv[2]))])
for number in range(int(sys.argv[3])):
    assert system.send_notification(Notice(f"{number}", fingerprint=f"{number}")).status == "pending"
print("queued", flush=True)
if sys.argv[4] == "send":
    system.drain(60)
time.sleep(600)
"""


@pytest.fixture
def server() -> Iterator[PostsServer]:
    """A web service that takes everything."""
    with serve_posts(lambda _: Answer(200)) as opened:
        yield opened


def start(place: Path, server: PostsServer, number: int, then: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", QUEUE_AND_WAIT, str(place), server.url, str(number), then]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd="/")


def kill(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=30)


def keys(server: PostsServer) -> list[str]:
    return [post.headers["idempotency-key"] for post in server.posts]


def test_what_was_queued_before_a_kill_is_sent_after_it(tmp_path: Path, server: PostsServer) -> None:
    """By whichever process comes next."""
    process = start(tmp_path, server, 5, "wait")
    assert process.stdout is not None
    assert "queued\n" == process.stdout.readline()
    kill(process)
    assert [] == server.posts
    with Store(tmp_path) as store:
        system = NotificationSystem(store, [WebhookChannel(WebhookOptions(server.url))])
        assert (5, 0, True) == ((report := system.drain(30)).sent, report.failed, report.finished)
        assert {"sent": 5} == dict(system.get_statistics().by_status)
    assert 5 == len(set(keys(server)))


def test_what_was_being_sent_at_a_kill_is_sent_again_with_its_key(tmp_path: Path, server: PostsServer) -> None:
    """When its lease has ended, and not before."""
    server.faults = [Answer(hangs=True)]
    process = start(tmp_path, server, 1, "send")
    assert process.stdout is not None
    process.stdout.readline()
    assert server.came.wait(30)
    kill(process)
    import time

    clock = FakeClock(time.time())
    with Store(tmp_path) as store:
        system = NotificationSystem(store, [WebhookChannel(WebhookOptions(server.url))], clock=clock, sleep=clock.sleep)
        assert 0 == system.drain(1).sent
        clock.sleep(LEASE)
        assert 1 == system.drain(1).sent
    assert (2, 1) == (len(keys(server)), len(set(keys(server))))


def test_many_processes_send_nothing_twice(tmp_path: Path, server: PostsServer) -> None:
    """Each message is one's for as long as its lease."""
    with Store(tmp_path) as store:
        from errclass.actions.notify import Notice

        system = NotificationSystem(store, [WebhookChannel(WebhookOptions(server.url))])
        for number in range(40):
            system.send_notification(Notice(f"{number}", fingerprint=f"{number}", priority="critical"))
    processes = [start(tmp_path, server, 0, "send") for _ in range(4)]
    try:
        with Store(tmp_path) as store:
            system = NotificationSystem(store, [WebhookChannel(WebhookOptions(server.url))])
            deadline = time.monotonic() + 60
            while system.get_statistics().queued and time.monotonic() < deadline:
                system.drain(1)  # it ends at once where the last ones are leaving by others
    finally:
        for process in processes:
            kill(process)
    assert (40, 40) == (len(keys(server)), len(set(keys(server))))


def test_a_slow_channel_keeps_nobody_waiting(tmp_path: Path, server: PostsServer) -> None:
    """A drain ends when it was told to, and the other channel has sent."""
    from errclass.actions.notify import Notice
    from errclass.testing import RecordingChannel

    server.faults = [Answer(hangs=True)]
    other = RecordingChannel("other")
    with Store(tmp_path) as store:
        system = NotificationSystem(store, [WebhookChannel(WebhookOptions(server.url)), other])
        system.send_notification(Notice("x"))
        report = system.drain(0.3)
        assert (1, False) == (len(other.sent), report.finished)
        assert [("webhook", "leaving")] == [(one.channel, one.state) for one in system.get_history(waiting=True)]
    server.stopped.set()
