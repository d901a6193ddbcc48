"""docs/analytics.md cannot lie: what it shows is run, and the defaults are those of the code."""

from __future__ import annotations

import doctest
import inspect
import re
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from support.example_store import write_example
from support.readme import list_blocks
from support.source import find_source

from errclass import ErrorAnalytics
from errclass.outcomes.sql_files import load_sql
from errclass.reports.analytics.anomalies import LEAST_NEW
from errclass.reports.analytics.causes import MOST_CAUSES
from errclass.reports.analytics.correlating import MOST_PAIRS
from errclass.reports.analytics.counting import MOST_VALUES
from errclass.reports.analytics.insights import HELPS, HELPS_NOT, RESOLUTION_WANTED
from errclass.reports.analytics.look import HISTORY
from errclass.reports.analytics.statistics.adjusting import LEVEL
from errclass.reports.analytics.statistics.baseline import HOURS_NEEDED
from errclass.reports.analytics.statistics.forecasting import hours_needed

if TYPE_CHECKING:
    import pytest

DOCS = find_source() / "docs"
PAGE = (DOCS / "analytics.md").read_text(encoding="utf-8")


def test_the_examples_answer_what_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The blocks are one session, over the store of the guide to SQL."""
    monkeypatch.setenv("ERRCLASS_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    write_example(tmp_path / "home" / "store").close()
    body = "".join(block.body for block in list_blocks(PAGE) if block.language == "pycon")
    example = doctest.DocTestParser().get_doctest(body, {"__name__": "__main__"}, "page", "page", 0)
    printed: list[str] = []
    found = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(example, out=printed.append)
    assert "" == "".join(printed)
    assert found.attempted > 15


def test_the_defaults_are_those_of_the_code() -> None:
    """As the tables say."""
    windows = [
        inspect.signature(method).parameters["window"].default
        for method in (ErrorAnalytics.analyze_patterns, ErrorAnalytics.analyze_trends)
    ]
    assert ["24h", "7d"] == windows
    assert (timedelta(days=28), 72, 0.05, 0.8) == (HISTORY, HOURS_NEEDED, LEVEL, RESOLUTION_WANTED)
    assert (50, 10, 20, 3) == (MOST_VALUES, MOST_PAIRS, MOST_CAUSES, LEAST_NEW)
    assert (0.5, 0.25) == (HELPS, HELPS_NOT)
    assert "INTERVAL 14 DAY" in load_sql("figures/cause_history")
    assert [22, 42] == [hours_needed(hours) / 24 for hours in (24, 168)]
    assert "it takes 22 days of history for one of a day, 42 for one of a week" in PAGE


def test_links_lead_somewhere() -> None:
    """Relative links point at files that exist."""
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", PAGE)
    assert targets
    assert [] == [target for target in targets if not (DOCS / target).exists()]
