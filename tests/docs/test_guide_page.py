"""docs/writing-rules.md cannot lie: its files are a rule set, and its commands are run."""

from __future__ import annotations

import re

import pytest
from support.guide_page import PAGE, list_files, open_shell
from support.programs import require_program
from support.readme import Shell, list_blocks, list_commands

from errclass.rules.conditions import OPERATORS

TEXT = PAGE.read_text(encoding="utf-8")
BLOCKS = list_blocks(TEXT)


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """Return one shell for all commands, in order, beside the files of the page."""
    require_program("sh")
    return open_shell(TEXT, tmp_path_factory.mktemp("reader"))


@pytest.mark.parametrize(
    ("command", "output"),
    [pair for block in BLOCKS if block.language == "console" for pair in list_commands(block.body)],
)
def test_a_command_prints_what_is_shown(shell: Shell, command: str, output: str) -> None:
    """After a change that is meant, ``just docs`` writes what they print anew."""
    assert output == shell.run(command)


def test_the_files_are_a_rule_set(shell: Shell) -> None:
    """That holds, with the drafts in it."""
    assert "0 failed" in shell.run("errclass rules test --rules our-rules")
    assert "nothing found" in shell.run("errclass rules check --rules our-rules")
    assert 4 == len(list_files(TEXT))


def test_every_block_is_used() -> None:
    """A block in another language would rot."""
    assert {"console", "yaml"} == {block.language for block in BLOCKS}


def test_every_operator_is_told() -> None:
    """In its list."""
    assert [] == [name for name in OPERATORS if f"`{name}" not in TEXT]


def test_a_block_without_a_place_is_refused() -> None:
    """It would not be run."""
    with pytest.raises(ValueError, match="where it lies"):
        list_files("```yaml\ntitle: t\n```\n")


def test_links_lead_somewhere() -> None:
    """Relative links point at files that exist."""
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", TEXT)
    assert targets
    assert [] == [target for target in targets if not (PAGE.parent / target).exists()]
