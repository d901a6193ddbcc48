"""docs/notifications.md cannot lie: what it shows is run, and the defaults are those of the code."""

from __future__ import annotations

import doctest
import re
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from support.readme import list_blocks
from support.source import find_source

from errclass.actions.notify import NoticeRules, list_channels, make_channel
from errclass.actions.notify.channels import apprise_urls, email, linear, slack, webhook
from errclass.system.settings import NotificationSettings
from errclass.testing import quick_retries

PAGE = (find_source() / "docs" / "notifications.md").read_text(encoding="utf-8")
OPTIONS = {
    "apprise": apprise_urls.AppriseOptions,
    "email": email.EmailOptions,
    "linear": linear.LinearOptions,
    "slack": slack.SlackOptions,
    "webhook": webhook.WebhookOptions,
}


@pytest.fixture
def quick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Read without waiting, and with no settings of one's own."""
    monkeypatch.setenv("ERRCLASS_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    with quick_retries():
        yield


def test_the_examples_answer_what_is_shown(quick: None) -> None:
    """The blocks are one session, in order."""
    blocks = list_blocks(PAGE)
    assert {"pycon", "toml"} == {block.language for block in blocks}
    body = "".join(block.body for block in blocks if block.language == "pycon")
    example = doctest.DocTestParser().get_doctest(body, {"__name__": "__main__"}, "page", "page", 0)
    printed: list[str] = []
    found = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(example, out=printed.append)
    assert "" == "".join(printed)
    assert found.attempted > 20


def test_the_settings_that_are_shown_are_settings() -> None:
    """And make the channels that they are for."""
    (block,) = [block for block in list_blocks(PAGE) if block.language == "toml"]
    settings = NotificationSettings.model_validate(tomllib.loads(block.body)["notifications"])
    assert ["slack", "email", "linear", "webhook"] == [
        make_channel(name, values).name for name, values in settings.channels.items()
    ]


def test_every_channel_and_option_is_documented() -> None:
    """In the table."""
    rows = {row[1]: row[2] for row in re.finditer(r"^\| `([a-z]+)` \| (.*?) \|", PAGE, re.MULTILINE)}
    assert {*list_channels()} == {*rows} == {*OPTIONS}
    for name, kind in OPTIONS.items():
        for field in fields(kind):
            assert f"`{field.name}`" in rows[name]


def test_the_defaults_are_those_of_the_code() -> None:
    """Of the settings, and of the rules that they become."""
    shown = dict(re.findall(r"^\| `notifications\.([a-z_]+)` \| ([0-9]+) \|", PAGE, re.MULTILINE))
    for name, value in shown.items():
        assert float(value) == NotificationSettings.model_fields[name].default == getattr(NoticeRules(), name)
    assert {"channels", "maintenance"} == set(NotificationSettings.model_fields) - set(shown)


def test_links_lead_somewhere() -> None:
    """To files that exist."""
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", PAGE):
        assert (Path(find_source()) / "docs" / target).exists()
