"""Messages through Apprise, to a real server."""

from __future__ import annotations

import json
import sys

import pytest
from support.posts_server import Answer, serve_posts

from errclass.actions.notify import Dispatch, Notice
from errclass.actions.notify.channels.apprise_urls import AppriseChannel
from errclass.core.errors import ConfigError, MissingExtraError

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of modules that Apprise looks for
NOTICE = Notice("deploy \\n failed", evidence=("exit 1",))


def test_a_message_arrives_as_plain_text() -> None:
    """At every address."""
    with serve_posts(lambda _: Answer(200)) as server:
        host = server.url.removeprefix("http://")
        channel = AppriseChannel.from_settings({"urls": f"json://{host}one, json://{host}two"})
        assert "sent" == channel.deliver(Dispatch("k1", NOTICE), 5.0).status
        bodies = [json.loads(post.body) for post in server.posts]
    assert ["/one", "/two"] == sorted(post.path.rstrip("/") for post in server.posts)
    assert {"deploy \\n failed"} == {body["title"] for body in bodies}
    assert all("    exit 1" in body["message"] for body in bodies)


def test_a_failure_is_tried_again() -> None:
    """Apprise does not say why."""
    with serve_posts(lambda _: Answer(500)) as server:
        channel = AppriseChannel.from_settings({"urls": f"json://{server.url.removeprefix('http://')}"})
        assert "again" == channel.deliver(Dispatch("k1", NOTICE), 5.0).status


@pytest.mark.parametrize(("urls", "problem"), [("nonsense", "number 1 is no address"), ("", "at least one address")])
def test_wrong_addresses_are_told(urls: str, problem: str) -> None:
    """By their number: they hold tokens."""
    with pytest.raises(ConfigError, match=problem):
        AppriseChannel.from_settings({"urls": urls})


def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """With how to install it."""
    monkeypatch.setitem(sys.modules, "apprise", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'errclass\[notify\]'"):
        AppriseChannel.from_settings({"urls": "json://localhost"})
