"""Messages to a server that takes what Slack takes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from support.hostile import HOSTILE, Hostile, name_case
from support.posts_server import Answer, PostsServer
from support.slack_server import SECRET_PATH, serve_slack

from errclass.actions.notify import Delivered, Digest, DigestLine, Dispatch, Notice
from errclass.actions.notify.channels.slack import SlackChannel
from errclass.core.errors import ConfigError

NOTICE = Notice(
    "deploy of shop failed",
    priority="critical",
    type="network",
    category="external",
    confidence=0.93,
    operation="deploy",
    environment="production",
    repository="https://git.example.com/shop",
    branch="main",
    commit="0123456789abcdef0123",
    evidence=("curl: (6) Could not resolve host: registry.example.com", "make: *** [push] Error 6"),
    tried=("deploy, 3 attempts in 45 s",),
    next_step="A person is asked: 3 attempts did not help.",
    count=4,
    first_seen=datetime(2026, 11, 27, 8, 5, tzinfo=UTC),
    link="https://ci.example.com/job/17?a=1&b=2",
    fingerprint="f00d",
)


@pytest.fixture
def slack() -> Iterator[PostsServer]:
    """A server of the test's own."""
    with serve_slack() as server:
        yield server


def make(url: str) -> SlackChannel:
    return SlackChannel.from_settings({"webhook_url": url})


def send(server: PostsServer, notice: Notice = NOTICE, timeout: float = 5.0) -> Delivered:
    return make(server.url).deliver(Dispatch("k1", notice), timeout)


def test_a_message_says_all_that_is_known(slack: PostsServer) -> None:
    """What failed, where, how it shows, what was tried, what happens next."""
    assert Delivered("sent") == send(slack)
    message = json.loads(slack.posts[0].body)
    text = "\n".join(block["text"]["text"] for block in message["blocks"])
    assert "CRITICAL: deploy of shop failed" == message["text"] == message["blocks"][0]["text"]["text"]
    for part in (
        "*Type:* `network (external)`",
        "*Confidence:* `93 %`",
        "*Commit:* `0123456789ab`",
        "*Seen:* `4 times, first 2026-11-27 08:05 UTC`",
        "```\ncurl: (6) Could not resolve host: registry.example.com\nmake: *** [push] Error 6\n```",
        "*Tried:*\n• `deploy, 3 attempts in 45 s`",
        "*Next:* `A person is asked: 3 attempts did not help.`",
        "<https://ci.example.com/job/17?a=1&amp;b=2|Open>",
    ):
        assert part in text


@pytest.mark.parametrize("case", HOSTILE, ids=name_case)
def test_hostile_text_is_taken_and_does_nothing(slack: PostsServer, case: Hostile) -> None:
    """In every field; the only link is ours, and no mention is left."""
    text = case.text[:20_000]
    notice = Notice(
        text,
        operation=text,
        branch=text,
        evidence=(text,) * 10,
        tried=(text,) * 10,
        next_step=text,
        link="https://ci.example.com/",
        fingerprint=text,
    )
    assert Delivered("sent") == send(slack, notice)
    message = json.loads(slack.posts[0].body)
    sections = [block["text"] for block in message["blocks"][1:]]
    written = "\n".join(section["text"] for section in sections)
    assert "<https://ci.example.com/|Open>" == written[-30:]
    assert "<" not in written[:-30] + message["text"]
    assert {True} == {section["verbatim"] for section in sections}


def test_a_full_digest_is_taken(slack: PostsServer) -> None:
    """Sixty long lines that are all markup."""
    now = datetime(2026, 11, 28, tzinfo=UTC)
    line = DigestLine("&<>`*_" * 40, "failure", 12, 3, "low", now, now, operation="&" * 60, environment="production")
    channel = make(slack.url)
    assert Delivered("sent") == channel.deliver(Dispatch("k1", Digest((line,) * 60, "low", now, now)), 5.0)
    text = json.loads(slack.posts[0].body)
    assert 60 == "\n".join(block["text"]["text"] for block in text["blocks"]).count("•")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Answer(429, b"rate_limited", {"Retry-After": "7"}), ("again", 7.0)),
        (Answer(500, b"rollup_error"), ("again", None)),
        (Answer(503, b"", {"Retry-After": "3"}), ("again", 3.0)),
        (Answer(404, b"no_service"), ("refused", None)),
        (Answer(403, b"action_prohibited"), ("refused", None)),
        (Answer(410, b"channel_is_archived"), ("refused", None)),
        (Answer(302, b"", {"Location": "https://evil.example/"}), ("refused", None)),
        (Answer(200, b"<html>please log in</html>"), ("again", None)),
        (Answer(200, b""), ("again", None)),
        (Answer(200, b"o", cuts=True), ("again", None)),
        (Answer(raw=b"220 mail.example.com ESMTP\r\n"), ("again", None)),
        (Answer(raw=b""), ("again", None)),
        (Answer(raw=b"HTTP/1.1 200 OK\r\nX: " + b"a" * 300_000), ("again", None)),
        (Answer(200, b"ok", endless=True), ("again", None)),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else str(value.status),
)
def test_what_an_answer_means(slack: PostsServer, answer: Answer, expected: tuple[str, float | None]) -> None:
    """It is tried again or not; the address, which is a secret, is in no message."""
    slack.faults = [answer]
    delivered = send(slack)
    assert expected == (delivered.status, delivered.retry_after)
    assert delivered.detail
    assert "s3cr3t" not in delivered.detail
    assert 1 == len(slack.posts)


def test_a_server_that_does_not_answer_is_left(slack: PostsServer) -> None:
    """After the timeout."""
    slack.faults = [Answer(hangs=True)]
    delivered = send(slack, timeout=0.2)
    assert Delivered("again", "127.0.0.1 gave no answer: not within 0.2 s") == delivered


def test_a_server_that_is_not_there_is_told(slack: PostsServer) -> None:
    """By its host."""
    url = slack.url.replace(slack.url.split(":")[2].split("/")[0], "1")
    delivered = make(url).deliver(Dispatch("k1", NOTICE), 5.0)
    assert ("again", True) == (delivered.status, delivered.detail.startswith("127.0.0.1 gave no answer: ConnectError"))
    assert SECRET_PATH not in delivered.detail


def test_a_wrong_hook_is_refused(slack: PostsServer) -> None:
    """It would be the next time too."""
    delivered = make(slack.url + "x").deliver(Dispatch("k1", NOTICE), 5.0)
    assert Delivered("refused", "127.0.0.1 answered HTTP 404: no_service") == delivered


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({}, "notifications.channels.slack.webhook_url: missing; set it in config.toml or as ERRCLASS_"),
        ({"webhook_url": "http://hooks.example.com/s3cr3t"}, "it must begin with https://"),
        ({"webhook_url": "ftp://hooks.example.com/s3cr3t"}, "web address that begins with https://"),
        ({"webhook_url": "hooks.example.com/s3cr3t"}, "web address that begins with https://"),
        ({"webhook_url": "https://hooks.example.com/s3cr3t x"}, "web address that begins with https://"),
        ({"webhook_url": "https://[hooks/s3cr3t"}, "it is no web address"),
        ({"webhook_url": ["s3cr3t"]}, "input should be a valid string"),
        ({"webhok_url": "s3cr3t"}, "unknown; did you mean webhook_url?"),
    ],
)
def test_wrong_options_are_named_without_their_values(values: dict[str, object], problem: str) -> None:
    """A secret is in no message."""
    with pytest.raises(ConfigError) as caught:
        SlackChannel.from_settings(values)
    assert problem in str(caught.value)
    assert "s3cr3t" not in str(caught.value)


def test_plain_http_needs_permission() -> None:
    """For a server of one's own network."""
    assert SlackChannel.from_settings({"webhook_url": "http://chat.example.com/x", "allow_http": "true"})
