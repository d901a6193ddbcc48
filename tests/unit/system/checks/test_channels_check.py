"""Channels, made without fault, and really sent through."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from support.posts_server import Answer
from support.slack_server import SECRET_PATH, serve_slack

from errclass.system.checks import check_channels
from errclass.system.settings import Settings
from errclass.testing import quick_retries


def slack(load: Callable[..., Settings], url: str, **flags: object) -> Settings:
    return load(notifications__channels__slack__webhook_url=url, **flags)


def test_without_a_channel_nothing_is_wrong(settings: Settings) -> None:
    """It says how to set one up."""
    (check,) = check_channels(settings)
    assert ("channels", "off", True) == (check.name, check.status, bool(check.advice))


def test_a_channel_that_can_be_made_is_well(load: Callable[..., Settings]) -> None:
    """Nothing is sent for that."""
    with serve_slack() as server:
        (check,) = check_channels(slack(load, server.url))
        assert ("channels.slack", "ok", []) == (check.name, check.status, server.posts)


def test_wrong_options_are_a_problem(load: Callable[..., Settings]) -> None:
    """The key is named."""
    (check,) = check_channels(load(notifications__channels__slack__webhok_url="https://hooks.example.com/x"))
    assert "problem" == check.status
    assert "notifications.channels.slack" in check.message


def test_a_channel_that_nobody_knows_is_a_problem(load: Callable[..., Settings]) -> None:
    """Those that are installed are named."""
    (check,) = check_channels(load(notifications__channels__pigeon__loft="roof"))
    assert ("channels.pigeon", "problem") == (check.name, check.status)
    assert "slack" in check.message + check.advice


def test_each_channel_is_looked_at_by_itself(load: Callable[..., Settings]) -> None:
    """A broken one hides no other."""
    with serve_slack() as server:
        url = server.url
        checks = check_channels(slack(load, url, notifications__channels__pigeon__loft="roof"))
    assert {"channels.pigeon": "problem", "channels.slack": "ok"} == {check.name: check.status for check in checks}


def test_a_test_message_is_really_sent(load: Callable[..., Settings]) -> None:
    """And taken."""
    with serve_slack() as server:
        (check,) = check_channels(slack(load, server.url), send=True)
        assert ("ok", 1) == (check.status, len(server.posts))
        assert b"errclass can reach this channel" in server.posts[0].body


def test_a_server_that_is_unwell_is_a_problem_without_secrets(load: Callable[..., Settings]) -> None:
    """Tried three times, and the address is not told."""
    with serve_slack() as server, quick_retries():
        server.faults += [Answer(500)] * 3
        (check,) = check_channels(slack(load, server.url), send=True)
    assert "problem" == check.status
    assert "500" in check.message
    assert SECRET_PATH not in check.message + check.advice


def test_a_server_that_refuses_is_a_problem_at_once(load: Callable[..., Settings]) -> None:
    """As Slack does with a hook that was removed."""
    with serve_slack() as server:
        server.faults += [Answer(404, b"no_service")]
        (check,) = check_channels(slack(load, server.url), send=True)
        assert ("problem", 1) == (check.status, len(server.posts))


def test_nothing_is_sent_while_everything_is_switched_off(load: Callable[..., Settings]) -> None:
    """The switch holds for this too."""
    with serve_slack() as server:
        (check,) = check_channels(slack(load, server.url, decision__kill_switch=True), send=True)
        assert ("off", []) == (check.status, server.posts)


def test_channels_that_are_switched_off_are_not_looked_at(load: Callable[..., Settings]) -> None:
    """Nor sent through."""
    with serve_slack() as server:
        (check,) = check_channels(slack(load, server.url, enable__notifications=False), send=True)
        assert ("channels", "off", []) == (check.name, check.status, server.posts)


def test_sending_makes_no_store(load: Callable[..., Settings]) -> None:
    """It goes past the queue."""
    with serve_slack() as server:
        settings = slack(load, server.url)
        check_channels(settings, send=True)
    assert not Path(settings.store).exists()
