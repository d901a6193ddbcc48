"""``errclass notifications``: channels from settings, the queue, dead letters."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.command_line import call_errclass
from support.posts_server import Answer, PostsServer, serve_posts

from errclass.actions.notify import Notice
from errclass.outcomes import Store, read_mart
from errclass.system.notifying import make_notifications
from errclass.system.settings import load_settings
from errclass.system.wiring import open_store

URL = "ERRCLASS_NOTIFICATIONS__CHANNELS__WEBHOOK__URL"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[PostsServer]:
    """A web service, set up as a channel."""
    with serve_posts(lambda _: Answer(200)) as opened:
        monkeypatch.setenv(URL, opened.url)
        yield opened


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    """The store of the home."""
    with open_store(load_settings()) as opened:
        yield opened


def queue(store: Store, number: int = 1) -> list[str]:
    system = make_notifications(load_settings(), store).system
    notices = [Notice(f"job {n} failed", fingerprint=f"f{n}", priority="high") for n in range(number)]
    return [system.send_notification(notice).status for notice in notices]


def test_nothing_is_listed_where_nothing_was_queued(home: Path, server: PostsServer) -> None:
    """And nothing is made, or sent."""
    done = call_errclass("notifications", "list")
    assert (0, "", "errclass: there are none\n") == (done.code, done.out, done.err)
    assert 0 == call_errclass("notifications", "send-due", "--wait", "1s").code
    assert not home.exists()


def test_what_waits_is_listed_and_sent(server: PostsServer, store: Store) -> None:
    """By a command of its own."""
    assert ["pending"] * 2 == queue(store, 2)
    rows = call_errclass("notifications", "list", "--waiting", "--format", "json").json
    assert [("webhook", "high", "ready", "job 1 failed"), ("webhook", "high", "ready", "job 0 failed")] == [
        (row["channel"], row["priority"], row["state"], row["what"]) for row in rows
    ]
    done = call_errclass("notifications", "send-due", "--wait", "1s")
    assert (0, "2 messages sent, 0 attempts failed, 0 notifications queued\n") == (done.code, done.out)
    assert ["job 0 failed", "job 1 failed"] == [json.loads(post.body)["notice"]["what"] for post in server.posts]
    assert "sent" in call_errclass("notifications", "list").out


def test_what_was_sent_is_in_the_history(server: PostsServer, store: Store) -> None:
    """For reports and for one's own SQL."""
    queue(store)
    call_errclass("notifications", "send-due", "--wait", "1s")
    store.merge()
    (row,) = read_mart(store, "daily_notifications")
    assert ("webhook", "high", "sent", 1) == (row["channel"], row["priority"], row["status"], row["messages"])


def test_dead_letters_are_listed_and_sent_again(server: PostsServer, store: Store) -> None:
    """Under the key that they had."""
    server.faults = [Answer(401, b"who are you?")]
    queue(store)
    done = call_errclass("notifications", "send-due", "--wait", "1s")
    assert (1, "0 messages sent, 1 attempts failed, 0 notifications queued\n") == (done.code, done.out)
    (dead,) = call_errclass("notifications", "list", "--dead", "--format", "json").json
    assert ("127.0.0.1 answered HTTP 401: who are you?", "job 0 failed") == (dead["error"], dead["what"])
    assert "1 queued again\n" == call_errclass("notifications", "resend", dead["id"]).out
    assert 0 == call_errclass("notifications", "send-due", "--wait", "1s").code
    assert [dead["id"]] * 2 == [post.headers["idempotency-key"] for post in server.posts]
    assert "0 queued again\n" == call_errclass("notifications", "resend", "--all").out


def test_a_damaged_message_is_listed_as_one(server: PostsServer, store: Store) -> None:
    """It is a dead letter, and the others were sent."""
    queue(store)
    store.change_mail(lambda box: box._run("UPDATE mail_entries SET document = '{' WHERE seq = 1", ()))
    assert 0 == call_errclass("notifications", "send-due", "--wait", "1s").code
    (dead,) = call_errclass("notifications", "list", "--dead", "--format", "json").json
    assert ("a damaged notice", True) == (dead["what"], "cannot read" in dead["error"])


def test_a_channel_is_tested_at_once(server: PostsServer, home: Path) -> None:
    """Past the queue, with the result as the exit code."""
    done = call_errclass("notifications", "test", "webhook")
    assert (0, "webhook: sent\n") == (done.code, done.out)
    server.faults = [Answer(404, b"\x1b[31mgone")]
    done = call_errclass("notifications", "test", "webhook")
    assert (1, "webhook: refused: 127.0.0.1 answered HTTP 404: gone\n") == (done.code, done.out)


def test_a_channel_that_cannot_be_used_is_told_and_left_out(
    server: PostsServer, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others go on."""
    monkeypatch.setenv("ERRCLASS_NOTIFICATIONS__CHANNELS__LINEAR__API_KEY", "lin_s3cr3t")
    monkeypatch.setenv("ERRCLASS_NOTIFICATIONS__CHANNELS__PIGEON__LOFT", "north")
    queue(store)
    done = call_errclass("notifications", "send-due", "--wait", "1s")
    assert (0, 1) == (done.code, len(server.posts))
    assert "notifications.channels.linear.team_id: missing" in done.err
    assert "notifications.channels.pigeon: no channel has this name; installed: apprise, email, linear" in done.err
    assert "s3cr3t" not in done.err


def test_settings_are_shown_without_secrets(server: PostsServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a channel's option holds."""
    monkeypatch.setenv("NOTIFICATION_EMAIL_SMTP_PASS", "hunter22")
    rows = {row["key"]: row for row in call_errclass("config", "show", "--format", "json").json["settings"]}
    for key in ("webhook.url", "email.password"):
        row = rows[f"notifications.channels.{key}"]
        assert ("***", "environment") == (row["value"], row["origin"])


@pytest.mark.parametrize(
    "line",
    [
        'notifications.channels.webhook.url = "https://evil.example/"',
        "notifications.limit = 0",
        "notifications.maintenance = [{start = 2026-01-01T00:00:00Z, end = 2036-01-01T00:00:00Z}]",
    ],
)
def test_a_file_of_the_working_tree_cannot_say_whom_to_tell(
    server: PostsServer, store: Store, tree: Path, line: str
) -> None:
    """Nor how much."""
    (tree / "errclass.toml").write_text(line + "\n")
    queue(store)
    done = call_errclass("notifications", "send-due", "--wait", "1s")
    assert (0, 1, True) == (done.code, len(server.posts), "is not applied" in done.err)


def test_channels_are_set_up_in_the_users_file(
    home: Path, server: PostsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With limits and maintenance."""
    monkeypatch.delenv(URL)
    home.mkdir()
    (home / "config.toml").write_text(
        f"""
[notifications]
limit = 3
[notifications.channels.webhook]
url = "{server.url}"
secret = "s"
[[notifications.maintenance]]
start = 2026-01-01T00:00:00Z
end = 2026-01-01T01:00:00Z
environment = "staging"
"""
    )
    with open_store(load_settings()) as store:
        assert ["pending", "pending", "rate_limited"] == queue(store, 3)
    assert 0 == call_errclass("notifications", "send-due", "--wait", "1s").code
    assert (2, True) == (len(server.posts), "x-errclass-signature" in server.posts[0].headers)
