"""docs/rule-checks.md: a section for each check, and each example says what the page says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from support.command_line import call_errclass
from support.source import find_source

from errclass.rules.lint import CHECKS

PAGE = (find_source() / "docs" / "rule-checks.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", PAGE, flags=re.MULTILINE | re.DOTALL))
FILE = re.compile(r"```yaml\n# (\S+)\n(.*?)```", re.DOTALL)
FINDING = re.compile(r"```text\n(.*?)```", re.DOTALL)


def test_every_check_has_its_section() -> None:
    """In the order in which they run, and no section too many."""
    assert ["loading", *CHECKS] == list(SECTIONS)


@pytest.mark.parametrize("name", SECTIONS)
def test_the_example_says_what_the_page_says(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The files of the section, laid over the shipped rules, have the findings of the section."""
    monkeypatch.setenv("ERRCLASS_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "rules"
    for path, text in FILE.findall(SECTIONS[name]):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    only = name if name in CHECKS else "loops"  # what does not load is told whatever is asked for
    done = call_errclass("rules", "check", "--rules", folder, "--only", only)
    *findings, _ = done.out.replace(f"{folder}/", "").split("\n\n")
    assert FINDING.findall(SECTIONS[name]) == [f"{finding}\n" for finding in findings]
    assert 1 == done.code
