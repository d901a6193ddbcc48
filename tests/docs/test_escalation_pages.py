"""docs/escalation.md and docs/codegen.md cannot lie: what they show is run, and the tables are those of the code."""

from __future__ import annotations

import doctest
import re
from pathlib import Path
from typing import get_args

import pytest
from support.readme import list_blocks
from support.source import find_source

from errclass.actions.codegen import ResultKind
from errclass.actions.codegen.courses import FollowOptions
from errclass.actions.codegen.gate import GateOptions
from errclass.actions.escalate import SERVICE_LEVELS, TARGETS, ManagerOptions, Status
from errclass.actions.escalate.targets import RESUMABLE, RETRIES

DOCS = find_source() / "docs"
PAGES = ("escalation.md", "codegen.md")


def read(page: str) -> str:
    return (DOCS / page).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES)
def test_the_examples_answer_what_is_shown(page: str) -> None:
    """The blocks of a page are one session, in order, and there are no others."""
    blocks = list_blocks(read(page))
    assert {"pycon"} == {block.language for block in blocks}
    body = "".join(block.body for block in blocks)
    example = doctest.DocTestParser().get_doctest(body, {"__name__": "__main__"}, page, page, 0)
    printed: list[str] = []
    found = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(example, out=printed.append)
    assert "" == "".join(printed)
    assert found.attempted > 5


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    """To files that exist."""
    links = re.findall(r"\]\(([a-z-]+\.md)", read(page))
    assert [] == [link for link in links if not Path(DOCS / link).is_file()]


def test_the_tables_are_those_of_the_code() -> None:
    """Targets, defaults, statuses."""
    page = read("escalation.md")
    for target in TARGETS:
        again = "yes" if target in RESUMABLE else "no"
        assert f"| `{target}` | {RETRIES[target]} | {again} |" in page
    assert f"| `concurrent` | {ManagerOptions().concurrent} |" in page
    assert f"| `deadline` | {ManagerOptions().deadline:.0f} |" in page
    for priority, level in SERVICE_LEVELS.items():
        minutes = [int(span.total_seconds() // 60) for span in (level.acknowledge, level.resolve)]
        assert f'| `levels["{priority}"]` | {minutes[0]} and {minutes[1]} |' in page
    assert [] == [status for status in get_args(Status) if f"`{status}`" not in page]


def test_every_kind_of_result_is_named() -> None:
    """And the limits of what is asked."""
    page, gate = read("codegen.md"), GateOptions()
    assert [] == [kind for kind in get_args(ResultKind) if f"`{kind}`" not in page]
    assert [] == [kind for kind in gate.types if kind not in page]
    assert (True, True) == (f"less than {gate.confidence}" in page, f"{gate.runs_per_day} runs" in page)
    assert f"{FollowOptions().deadline / 60:.0f} minutes" in page
