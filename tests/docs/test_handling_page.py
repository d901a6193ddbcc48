"""docs/handling.md cannot lie: what it shows is run, and what it names is there."""

from __future__ import annotations

import dataclasses
import doctest
import inspect
import re
from pathlib import Path
from typing import TYPE_CHECKING

from support.readme import list_blocks
from support.source import find_source

from errclass import ErrorHandlingSystem, HandlingResult
from errclass.system.handling.error_log_handler import CAPACITY
from errclass.system.handling.handling_recoveries import MOST_RECOVERIES
from errclass.system.handling.messages import name_strategy
from errclass.testing import quick_retries

if TYPE_CHECKING:
    import pytest

DOCS = find_source() / "docs"
PAGE = (DOCS / "handling.md").read_text(encoding="utf-8")


def test_the_examples_answer_what_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The blocks of the page are one session, in order."""
    monkeypatch.setenv("ERRCLASS_HOME", str(tmp_path))
    body = "".join(block.body for block in list_blocks(PAGE))
    example = doctest.DocTestParser().get_doctest(body, {"__name__": "__main__"}, "handling.md", "handling.md", 0)
    printed: list[str] = []
    with quick_retries():
        found = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(example, out=printed.append)
    assert "" == "".join(printed)
    assert found.attempted > 10


def test_every_block_is_run() -> None:
    """A block in another language would rot."""
    assert {"pycon"} == {block.language for block in list_blocks(PAGE)}


def test_every_field_and_form_is_told() -> None:
    """What a result holds, and how failures come in."""
    fields = {field.name for field in dataclasses.fields(HandlingResult)}
    assert set() == {name for name in fields if f"`{name}`" not in PAGE}
    methods = [name for name, _ in inspect.getmembers(ErrorHandlingSystem, inspect.isfunction) if name[0] != "_"]
    assert set() == {name for name in methods if name not in PAGE} - {"astop"}


def test_the_numbers_are_those_of_the_code() -> None:
    """Capacity, recoveries."""
    assert f"at most {CAPACITY} waiting" in PAGE
    assert f"at most {MOST_RECOVERIES}, each by another recipe" in PAGE


def test_links_lead_somewhere() -> None:
    """To files that exist."""
    assert set() == {link for link in re.findall(r"\]\(([^)#]+)\)", PAGE) if not (DOCS / link).exists()}


def test_without_a_decision_the_strategy_has_a_name() -> None:
    """The page lists it."""
    assert f"`{name_strategy(None)}`" in PAGE
