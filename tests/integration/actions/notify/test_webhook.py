"""Posts to a web service that checks what it gets."""

from __future__ import annotations

import json

import pytest
from support.hostile import HOSTILE, Hostile, name_case
from support.posts_server import Answer, Post, serve_posts

from errclass.actions.notify import Delivered, Dispatch, Notice
from errclass.actions.notify.channels.webhook import WebhookChannel, WebhookOptions
from errclass.actions.notify.signature import is_signed

SECRET = "wh-s3cr3t"
NOW = 1_700_000_000.0
NOTICE = Notice("deploy failed", fingerprint="f")


def judge(post: Post) -> Answer:
    """Take what is signed, recent, JSON and named."""
    signed = is_signed(
        SECRET, post.headers["x-errclass-timestamp"], post.headers["x-errclass-signature"], post.body, now=NOW
    )
    if not signed:
        return Answer(401, b"bad signature")
    document = json.loads(post.body)
    good = (document["version"], document["key"]) == (1, post.headers["idempotency-key"])
    return Answer(202) if good and document["kind"] in document else Answer(422)


def send(url: str, notice: Notice = NOTICE, secret: str = SECRET, now: float = NOW) -> Delivered:
    channel = WebhookChannel(WebhookOptions(url, secret), clock=lambda: now)
    return channel.deliver(Dispatch("key-1", notice), 5.0)


def test_a_post_is_signed_and_named() -> None:
    """The same notice is the same bytes with the same key, however often it is sent."""
    with serve_posts(judge) as server:
        assert [Delivered("sent")] * 2 == [send(server.url), send(server.url)]
        first, second = server.posts
    assert (first.body, "key-1", "key-1") == (
        second.body,
        first.headers["idempotency-key"],
        second.headers["idempotency-key"],
    )
    assert NOTICE.to_dict() == json.loads(first.body)["notice"]


@pytest.mark.parametrize(("secret", "now"), [("other", NOW), (SECRET, NOW - 301), (SECRET, NOW + 301)])
def test_a_wrong_or_old_signature_is_refused(secret: str, now: float) -> None:
    """By the receiver."""
    with serve_posts(judge) as server:
        assert "refused" == send(server.url, secret=secret, now=now).status


def test_without_a_secret_nothing_is_signed() -> None:
    """And the key is there all the same."""
    with serve_posts(lambda _: Answer(204)) as server:
        assert "sent" == WebhookChannel.from_settings({"url": server.url}).deliver(Dispatch("k", NOTICE), 5.0).status
        assert {"idempotency-key"} == {"idempotency-key", "x-errclass-signature"} & set(server.posts[0].headers)


@pytest.mark.parametrize("case", HOSTILE, ids=name_case)
def test_hostile_text_stays_a_value(case: Hostile) -> None:
    """The body is ASCII, and what is read from it is what was said, less half characters."""
    text = case.text[:5000]
    with serve_posts(judge) as server:
        assert "sent" == send(server.url, Notice(text, evidence=(text,))).status
        document = json.loads(server.posts[0].body.decode("ascii"))
    assert (text, [text]) == (document["notice"]["what"], document["notice"]["evidence"])
    assert {"version", "key", "kind", "repeats", "notice"} == set(document)


@pytest.mark.parametrize(
    ("timestamp", "signature"),
    [
        ("", ""),
        ("x", "sha256=00"),
        ("1700000000", ""),
        ("1700000000", "sha256=\u00e9"),
        ("9" * 5000, "sha256=0"),
        ("-1", "x"),
        ("\u0661", "x"),
    ],
)
def test_a_receiver_refuses_what_is_no_signature(timestamp: str, signature: str) -> None:
    """It never raises."""
    assert not is_signed(SECRET, timestamp, signature, b"", now=NOW)
