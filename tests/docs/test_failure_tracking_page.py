"""docs/failure-tracking.md cannot lie: what it shows is run, and the defaults are those of the code."""

from __future__ import annotations

import doctest
import inspect
import re
from pathlib import Path
from typing import TYPE_CHECKING

from support.example_store import write_example
from support.readme import list_blocks
from support.source import find_source

from errclass import FailureTracking
from errclass.reports.performance.reading import CURVE_STEPS, MOST_GROUPS, MOST_OPEN
from errclass.reports.summary.reading import MOST_SLOTS
from errclass.reports.tracking.series import METRICS, MOST_POINTS
from errclass.system.failure_tracking import PATIENCE

if TYPE_CHECKING:
    import pytest

DOCS = find_source() / "docs"
PAGE = (DOCS / "failure-tracking.md").read_text(encoding="utf-8")


def test_the_examples_answer_what_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is recorded goes to a store of its own; what is looked at is the one of the guide to SQL."""
    monkeypatch.chdir(tmp_path)
    write_example(tmp_path / "known" / "store").close()
    before, after = PAGE.split("## How well operations work")
    count = run_examples(before, tmp_path / "new", monkeypatch)
    assert count + run_examples(f"```pycon\n>>> import errclass\n\n```\n{after}", tmp_path / "known", monkeypatch) > 20


def run_examples(text: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """Run the blocks of a text as one session, and return how many examples there were."""
    monkeypatch.setenv("ERRCLASS_HOME", str(home))
    body = "".join(block.body for block in list_blocks(text) if block.language == "pycon")
    example = doctest.DocTestParser().get_doctest(body, {"__name__": "__main__"}, "page", "page", 0)
    printed: list[str] = []
    found = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(example, out=printed.append)
    assert "" == "".join(printed)
    return found.attempted


def test_the_defaults_are_those_of_the_code() -> None:
    """As the table says."""
    windows = [
        inspect.signature(method).parameters["window"].default
        for method in (FailureTracking.get_current_metrics, FailureTracking.get_time_series, FailureTracking.frames)
    ]
    assert ["24h"] * 3 == windows
    assert (48, 1000, 25, 20, 50, 1.0) == (MOST_SLOTS, MOST_POINTS, MOST_GROUPS, MOST_OPEN, CURVE_STEPS, PATIENCE)
    assert inspect.signature(FailureTracking.record_failure).parameters["final"].default is True
    assert inspect.signature(FailureTracking.record_retry).parameters["unchanged"].default is True


def test_every_metric_and_method_is_named() -> None:
    """Those that say what became of an operation, too."""
    methods = [name for name in vars(FailureTracking) if name.startswith(("start_", "record_", "end_", "get_"))]
    assert len(methods) > 5
    assert [] == [name for name in (*METRICS, *methods) if not re.search(rf"\b{name}\b", PAGE)]


def test_links_lead_somewhere() -> None:
    """Relative links point at files that exist."""
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", PAGE)
    assert targets
    assert [] == [target for target in targets if not (DOCS / target).exists()]
