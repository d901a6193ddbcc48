"""What is posted goes where it is meant to, in time, and shows no secret on its way."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from support.posts_server import Answer, PostsServer, serve_posts

from errclass.actions.notify import Delivered, Dispatch, Notice
from errclass.actions.notify.channels.linear import LinearChannel
from errclass.actions.notify.channels.webhook import WebhookChannel, WebhookOptions
from errclass.actions.notify.endpoint import Endpoint
from errclass.actions.notify.posting import post_json
from errclass.actions.web.proxies import find_proxy
from errclass.core.errors import ConfigError

DISPATCH = Dispatch("k1", Notice("x"))


@pytest.fixture
def server() -> Iterator[PostsServer]:
    """A web service that takes everything."""
    with serve_posts(lambda _: Answer(200), "/services/s3cr3t") as opened:
        yield opened


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[PostsServer]:
    """A proxy that the environment names."""
    with serve_posts(lambda _: Answer(200)) as opened:
        for name in ("NO_PROXY", "no_proxy", "http_proxy", "https_proxy", "all_proxy", "ALL_PROXY", "HTTPS_PROXY"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("HTTP_PROXY", opened.url)
        yield opened


def test_an_address_is_in_no_log(server: PostsServer, caplog: pytest.LogCaptureFixture) -> None:
    """However much is logged: that of a hook is a secret."""
    with caplog.at_level(logging.DEBUG):
        assert Delivered("sent") == WebhookChannel(WebhookOptions(server.url)).deliver(DISPATCH, 5.0)
    assert "s3cr3t" not in caplog.text


def test_what_goes_to_this_machine_goes_through_no_proxy(server: PostsServer, proxy: PostsServer) -> None:
    """Neither by number nor by name."""
    for url in (server.url, server.url.replace("127.0.0.1", "localhost")):
        WebhookChannel(WebhookOptions(url)).deliver(DISPATCH, 5.0)
    assert (2, []) == (len(server.posts), proxy.posts)


def test_what_goes_to_the_network_goes_through_the_proxy(proxy: PostsServer) -> None:
    """As the environment wants."""
    channel = WebhookChannel(WebhookOptions("http://hooks.example.com/x", allow_http=True))
    assert Delivered("sent") == channel.deliver(DISPATCH, 5.0)
    assert ["hooks.example.com"] == [post.headers["host"] for post in proxy.posts]


def test_a_host_may_be_kept_from_the_proxy(proxy: PostsServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """By NO_PROXY."""
    monkeypatch.setenv("NO_PROXY", "example.com")
    hosts = ("hooks.example.com", "hooks.example.org")
    found = [find_proxy(f"http://{host}/x") for host in hosts]
    assert [None, proxy.url] == found


def test_a_header_that_cannot_be_sent_is_not_shown(server: PostsServer) -> None:
    """It may be a key."""
    found = post_json(Endpoint(server.url, "127.0.0.1"), b"{}", {"Authorization": "s3cr3t\n"}, 5.0)
    assert Delivered("again", "127.0.0.1 gave no answer: LocalProtocolError") == found


@pytest.mark.parametrize("key", ["", "s3cr3t\n", "s3cr 3t", "ключ", "x" * 5000])
def test_what_is_no_key_is_refused_at_once(key: str) -> None:
    """Without being shown."""
    with pytest.raises(ConfigError, match="api_key: a key is one word") as caught:
        LinearChannel.from_settings({"api_key": key, "team_id": "t"})
    assert "s3cr" not in str(caught.value)
