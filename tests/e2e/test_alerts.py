"""``errclass alerts``: look at the rules, list what fires, take it up."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from support.alert_workers import record_critical
from support.command_line import call_errclass
from support.posts_server import Answer, PostsServer, serve_posts
from support.slack_server import serve_slack

from errclass.cli.alerts_commands import _STATES
from errclass.core.clock import utc_now
from errclass.outcomes import Store
from errclass.reports.alerts import STATES
from errclass.system.settings import load_settings
from errclass.system.wiring import open_store


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[PostsServer]:
    """A web service, set up as a channel."""
    with serve_posts(lambda _: Answer(200)) as opened:
        monkeypatch.setenv("ERRCLASS_NOTIFICATIONS__CHANNELS__WEBHOOK__URL", opened.url)
        yield opened


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    """The store of the home."""
    with open_store(load_settings()) as opened:
        yield opened


def tell(server: PostsServer) -> list[tuple[str, str]]:
    """Return kinds and first lines of what arrived."""
    notices = [json.loads(post.body)["notice"] for post in server.posts]
    return [(notice["kind"], notice["what"]) for notice in notices]


def fail(store: Store, **context: str) -> None:
    record_critical(store, time=utc_now() - timedelta(minutes=1), **context)


def test_the_states_are_those_of_alerts() -> None:
    """The command names them without loading what they are from."""
    assert STATES == _STATES


def test_nothing_fires_where_nothing_was_recorded(home: Path) -> None:
    """And the exit code says so; a list makes nothing."""
    done = call_errclass("alerts", "list")
    assert (0, "", True) == (done.code, done.out, "nobody has looked yet" in done.err)
    assert not home.exists()
    done = call_errclass("alerts", "check", "--exit-code")
    assert (0, "", True) == (done.code, done.out, "0 began to fire" in done.err)
    assert {"checked_at", "alerts"} == set(call_errclass("alerts", "list", "--format", "json").json)


def test_a_check_fires_tells_and_has_an_exit_code(server: PostsServer, store: Store) -> None:
    """Once told; the exit code is 1 as long as it fires, where it is asked for."""
    fail(store, operation="deploy")
    done = call_errclass("alerts", "check", "--exit-code", "--wait", "30s")
    assert (1, True) == (done.code, "critical_errors" in done.out)
    assert "1 began to fire, 0 are over; 1 messages sent" in done.err
    assert [("alert", "Critical errors: 1 in 1 h (threshold 1)")] == tell(server)
    assert 1 == call_errclass("alerts", "check", "--exit-code").code
    check = call_errclass("alerts", "check", "--format", "json")
    assert (0, [], "firing") == (check.code, check.json["fired"], check.json["alerts"][0]["state"])
    assert 1 == len(server.posts)


def test_what_fires_is_listed_and_taken_up(server: PostsServer, store: Store) -> None:
    """By its id, with who did and what is known."""
    fail(store)
    call_errclass("alerts", "check", "--wait", "30s")
    (row,) = call_errclass("alerts", "list", "--state", "firing", "--format", "json").json["alerts"]
    assert ("critical_errors", "critical", {}, 1) == (row["id"], row["severity"], row["labels"], row["value"])
    done = call_errclass("alerts", "ack", "critical_errors", "--author", "ada", "--note", "on it")
    assert (0, "critical_errors is taken up by ada\n") == (done.code, done.out)
    assert [] == call_errclass("alerts", "list", "--state", "firing", "--format", "json").json["alerts"]
    (row,) = call_errclass("alerts", "list", "--format", "json").json["alerts"]
    assert ("acknowledged", "ada", "on it") == (row["state"], row["acknowledged_by"], row["note"])
    table = call_errclass("alerts", "list").out
    assert "ada" in table
    done = call_errclass("alerts", "ack", "high_mttr")
    assert (2, "errclass: high_mttr: no alert with this id fires; see errclass alerts list\n") == (done.code, done.err)


def test_what_would_be_sent_is_shown_and_a_test_is_sent(server: PostsServer, store: Store) -> None:
    """The exit code says whether it arrived."""
    done = call_errclass("alerts", "test", "high_failure_rate", "--dry-run")
    assert 0 == done.code
    assert done.out.splitlines()[0].startswith("would send, as high: Calls that failed: 10 % of 10 calls in 1 h")
    assert "to webhook" == done.out.splitlines()[1]
    assert ["webhook"] == call_errclass("alerts", "test", "--dry-run", "--format", "json").json["to"]
    assert [] == server.posts
    done = call_errclass("alerts", "test", "high_mttr", "--wait", "30s")
    assert (0, "webhook: sent\n") == (done.code, done.out)
    assert [("test", True)] == [(kind, what.startswith("this is no alert")) for kind, what in tell(server)]
    assert "webhook" in call_errclass("alerts", "test", "--format", "json", "--wait", "30s").json["channels"]


def test_a_test_where_nobody_can_be_told_fails() -> None:
    """And says what is missing."""
    done = call_errclass("alerts", "test")
    assert (1, "", True) == (done.code, done.out, "no channel is set up" in done.err)
    assert "nobody: no channel is set up" in call_errclass("alerts", "test", "--dry-run").out


def test_acting_that_is_switched_off_sends_nothing(
    server: PostsServer, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It fires, and is told when it is allowed again."""
    fail(store)
    with monkeypatch.context() as patch:
        patch.setenv("ERRCLASS_ACT", "off")
        assert 1 == call_errclass("alerts", "check", "--exit-code", "--wait", "5s").code
    assert [] == server.posts
    call_errclass("alerts", "check", "--wait", "30s")
    assert ["alert"] == [kind for kind, _ in tell(server)]


def test_strangers_names_are_escaped_wherever_they_are_shown(
    store: Store, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the terminal, in Slack, in JSON."""
    home.mkdir(exist_ok=True)
    (home / "config.toml").write_text('[alerts.rules.critical_errors]\nby = "environment"\n')
    fail(store, environment="<!channel>\x1b[31m\n::error::x", operation="<@U1>")
    with serve_slack() as slack:
        monkeypatch.setenv("NOTIFICATION_SLACK_WEBHOOK", slack.url)
        done = call_errclass("alerts", "check", "--wait", "30s")
        call_errclass("notifications", "send-due", "--wait", "10s")
    assert (0, False) == (done.code, "\x1b" in done.out)
    assert not any(line.startswith("::") for line in done.out.splitlines())
    (post,) = slack.posts
    message = json.loads(post.body)
    texts = [block["text"] for block in message["blocks"] if "text" in block]
    read_as_markup = [message["text"], *(text["text"] for text in texts if text["type"] != "plain_text")]
    assert not any(mention in text for text in read_as_markup for mention in ("<!channel>", "<@U1>"))
    assert any("&lt;!channel&gt;" in text for text in read_as_markup)


def test_alerts_that_are_switched_off_are_told_to_be(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a mistake of whoever asks for them."""
    monkeypatch.setenv("ERRCLASS_ALERTS__ENABLED", "false")
    done = call_errclass("alerts", "check")
    assert (2, "errclass: alerts are switched off; set alerts.enabled to true\n") == (done.code, done.err)


def test_a_rule_that_makes_no_sense_is_named_with_where_it_stands(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is looked at."""
    monkeypatch.setenv("ERRCLASS_ALERTS__RULES__HIGH_FAILURE_RATE__THRESHOLD", "10")
    done = call_errclass("alerts", "check")
    assert (2, True) == (done.code, "alerts.rules.high_failure_rate.threshold" in done.err)
