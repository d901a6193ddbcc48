"""README.md cannot lie: what it shows is run."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest
from support.programs import require_program
from support.readme import Shell, list_blocks, list_commands
from support.source import find_source

SOURCE = find_source()
BLOCKS = list_blocks((SOURCE / "README.md").read_text(encoding="utf-8"))


def test_the_console_examples_print_what_is_shown(tmp_path: Path) -> None:
    """In one shell, for later ones find what earlier ones left; after a change that is meant, ``just docs`` writes them anew."""
    require_program("sh")
    shell = Shell(SOURCE, tmp_path)
    pairs = [pair for block in BLOCKS if block.language == "console" for pair in list_commands(block.body)]
    assert pairs == [(command, shell.run(command)) for command, _ in pairs]


@pytest.mark.parametrize("body", [block.body for block in BLOCKS if block.language == "pycon"])
def test_a_python_example_answers_what_is_shown(body: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The examples are doctests."""
    monkeypatch.setenv("ERRCLASS_HOME", str(tmp_path))
    monkeypatch.chdir(SOURCE)
    example = doctest.DocTestParser().get_doctest(body, {}, "README.md", "README.md", 0)
    assert example.examples
    printed: list[str] = []
    doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(example, out=printed.append)
    assert "" == "".join(printed)


def test_every_block_is_run_by_someone() -> None:
    """A block in another language, or a command that nobody runs, would rot."""
    unknown = [b for b in BLOCKS if b.language not in {"console", "pycon"} and not (b.language == "bash" and b.marker)]
    assert [] == unknown
    assert {"console", "pycon", "bash"} == {block.language for block in BLOCKS}


def test_the_two_commands_are_run_by_ci() -> None:
    """The two commands at the top are one line each, and .ci/run takes them from here by their markers."""
    marked = [block for block in BLOCKS if block.marker]
    assert [1, 1] == [len(block.body.splitlines()) for block in marked]
    script = (SOURCE / ".ci" / "run").read_text(encoding="utf-8")
    assert [block.marker for block in marked] == re.findall(r"readme_command (\S+?)\)", script)


def test_links_lead_somewhere() -> None:
    """Relative links point at files that exist."""
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", (SOURCE / "README.md").read_text(encoding="utf-8"))
    assert targets
    assert [] == [target for target in targets if not (SOURCE / target).exists()]
