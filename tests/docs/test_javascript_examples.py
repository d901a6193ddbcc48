"""docs/javascript-examples.md cannot lie: all examples of the asked-for system are there, and what they show is run."""

from __future__ import annotations

import doctest
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.codegen_server import KEY, ORG, serve_codegen
from support.readme import list_blocks
from support.slack_server import serve_slack
from support.source import find_source

from errclass.system.retry_shared import SHARED
from errclass.system.settings import load_settings
from errclass.testing import quick_retries

PAGE = (find_source() / "docs" / "javascript-examples.md").read_text(encoding="utf-8")
EXAMPLES = (
    "Basic usage",
    "Advanced configuration",
    "Error classification engine",
    "Intelligent retry system",
    "Recovery strategies",
    "Escalation management",
    "Codegen integration",
    "Notification system",
    "Analytics and reporting",
    "Environment variables",
    "Configuration file",
    "Running tests",
    "Debug mode",
    "Health checks",
    "Production environment",
    "Production configuration",
    "Development setup",
)
"""What each of the seventeen examples there was about, in their order."""


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Read without waiting, with a home of one's own, and with a Slack and a Codegen on this machine."""
    SHARED.reset()
    monkeypatch.chdir(tmp_path)
    with serve_slack() as slack, serve_codegen() as codegen, quick_retries():
        for name, value in {
            "CODEGEN_API_KEY": KEY,
            "CODEGEN_API_URL": codegen.url,
            "CODEGEN_ORG_ID": str(ORG),
            "ERRCLASS_HOME": str(tmp_path / "home"),
            "NOTIFICATION_SLACK_WEBHOOK": slack.url,
        }.items():
            monkeypatch.setenv(name, value)
        yield


def test_every_example_is_there_in_its_order() -> None:
    """Numbered."""
    assert [*enumerate(EXAMPLES, 1)] == [
        (int(number), title) for number, title in re.findall(r"^## (\d+)\. (.+)$", PAGE, re.MULTILINE)
    ]


def test_every_example_is_code() -> None:
    """At least one block each."""
    for part in re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]:
        assert list_blocks(part), part.partition("\n")[0]


def test_the_examples_answer_what_is_shown(reader: None) -> None:
    """The blocks of Python are one session, in order."""
    body = "".join(block.body for block in list_blocks(PAGE) if block.language == "pycon")
    example = doctest.DocTestParser().get_doctest(body, {"__name__": "__main__"}, "page", "page", 0)
    printed: list[str] = []
    found = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(example, out=printed.append)
    assert "" == "".join(printed)
    assert found.attempted > 70


def test_the_configuration_file_is_one(reader: None, tmp_path: Path) -> None:
    """Each of its keys is a setting, and has the value that is shown."""
    (block,) = [block for block in list_blocks(PAGE) if block.language == "toml"]
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "config.toml").write_text(block.body, encoding="utf-8")
    settings = load_settings()
    shown = tomllib.loads(block.body)
    assert shown == {group: {key: getattr(getattr(settings, group), key) for key in shown[group]} for group in shown}


def test_the_variables_are_read(reader: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each one that is shown sets something."""
    shown = re.findall(r"^export (\w+)=(\S+)", PAGE, re.MULTILINE)
    assert {"LINEAR_TEAM_ID", "NOTIFICATION_EMAIL_SMTP_PASS", "PROD_SLACK_WEBHOOK"} <= {name for name, _ in shown}
    for name, value in shown:
        monkeypatch.setenv(name, value.removesuffix("..."))
    settings = load_settings()
    channels = settings.notifications.channels
    assert {"slack", "email", "linear"} == {*channels}
    assert ("production", "prod_key", "323") == (
        settings.environment,
        settings.codegen.api_key and settings.codegen.api_key.get_secret_value(),
        settings.codegen.org_id,
    )
    assert {"host", "port", "user", "password", "sender", "recipients"} == {*channels["email"]}


def test_the_commands_for_developers_are_those_of_the_repository() -> None:
    """Their programs and folders exist."""
    root = find_source()
    assert all((root / path).exists() for path in ("tests/unit/system/handling", ".ci/types"))
    assert "pip install -e '.[dev,durable]'" in (root / "CONTRIBUTING.md").read_text(encoding="utf-8")
