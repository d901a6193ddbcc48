"""docs/first-hour.md cannot lie: its steps are run in order, in an empty folder, against a Slack on this machine."""

from __future__ import annotations

import doctest
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from support.documents import list_named_files
from support.programs import require_program
from support.readme import Block, Shell, list_blocks, list_commands
from support.slack_server import serve_slack
from support.source import find_source

if TYPE_CHECKING:
    from support.posts_server import PostsServer

SOURCE = find_source()
PAGE = (SOURCE / "docs" / "first-hour.md").read_text(encoding="utf-8")
BLOCKS = list_blocks(PAGE)
WEBHOOK = "NOTIFICATION_SLACK_WEBHOOK"


@pytest.fixture
def slack() -> Iterator[PostsServer]:
    with serve_slack() as server:
        yield server


def test_there_are_at_most_ten_steps() -> None:
    """Numbered from one."""
    numbers = [int(number) for number in re.findall(r"^## (\d+)\. ", PAGE, re.MULTILINE)]
    assert [*range(1, len(numbers) + 1)] == numbers
    assert len(numbers) <= 10


def test_the_steps_show_what_is_shown(tmp_path: Path, slack: PostsServer) -> None:
    """Files are written, commands are run; the address of Slack is that of the server here."""
    require_program("sh")
    shell = Shell(SOURCE, tmp_path)
    for name, body in list_named_files(SOURCE / "docs" / "first-hour.md").items():
        path = tmp_path / "work" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(body, encoding="utf-8")
    wrong = [fault for block in BLOCKS for fault in _follow(block, shell, slack.url)]
    assert [] == wrong
    assert [
        "Test: errclass can reach this channel",
        "release failed: dependency",
        "CRITICAL: Escalated: deploy failed and needs a person: security",
    ] == [json.loads(post.body)["text"] for post in slack.posts]
    assert "<html" in (tmp_path / "work" / "report.html").read_text(encoding="utf-8")


def test_the_line_in_ci_is_the_one_that_was_tried() -> None:
    """But for its deadline."""
    (workflow,) = [yaml.safe_load(block.body) for block in BLOCKS if block.language == "yaml"]
    tried = next(command for block in BLOCKS for command, _ in list_commands(block.body) if "errclass run" in command)
    assert tried == workflow["jobs"]["deploy"]["steps"][-1]["run"].replace("--deadline 15m ", "")


def test_the_first_step_installs_as_the_readme_does() -> None:
    """It is the only one that is not run here: CI runs the README's."""
    (first, *_), readme = BLOCKS, (SOURCE / "README.md").read_text(encoding="utf-8")
    assert "python3 -m venv .venv && .venv/bin/pip install -q . " in readme
    assert "python3 -m venv .venv && . .venv/bin/activate && pip install .\n" == first.body


def _follow(block: Block, shell: Shell, slack: str) -> Iterator[str]:
    """Do what a block says, and yield what came out otherwise than shown."""
    for command, shown in list_commands(block.body if block.language == "console" else ""):
        variable = re.fullmatch(r"export (\w+)=.*", command)
        if variable:
            shell.export(variable[1], {WEBHOOK: slack}[variable[1]])
            continue
        printed = shell.run(command)
        if not doctest.OutputChecker().check_output(f"{shown}\n", f"{printed}\n", doctest.ELLIPSIS):
            yield f"$ {command}\n{printed}"
