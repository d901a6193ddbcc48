"""docs/reports.md cannot lie: what it shows is run, and the defaults are those of the code."""

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

from errclass import ErrorReporting
from errclass.outcomes import FILTERS
from errclass.reports import FORMATS, REPORT_TYPES
from errclass.reports.detailed.making import MOST_ERRORS
from errclass.reports.failure_rows import MOST_ROWS
from errclass.reports.formats.browser import TIMEOUT
from errclass.reports.registry import PRINTED
from errclass.reports.shelf import KEPT_FOR, MOST_BYTES
from errclass.reports.summary.reading import RECENT, TOP_CAUSES
from errclass.system.report_schedules import LEASE
from errclass.system.settings import ScheduleSettings, load_settings

if TYPE_CHECKING:
    import pytest

DOCS = find_source() / "docs"
PAGE = (DOCS / "reports.md").read_text(encoding="utf-8")


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
    """As the table says."""
    defaults = {name: p.default for name, p in inspect.signature(ErrorReporting.generate_report).parameters.items()}
    assert ("summary", "24h", "json", False, False) == tuple(
        defaults[name] for name in ("type", "time_range", "format", "include_raw_data", "keep")
    )
    assert (10, 10, 5000, 10_000_000, timedelta(days=30)) == (TOP_CAUSES, RECENT, MOST_ROWS, MOST_BYTES, KEPT_FOR)
    assert (1000, 60, timedelta(minutes=15)) == (MOST_ERRORS, TIMEOUT, LEASE)
    schedule = ScheduleSettings(cron="0 7 * * 1")
    assert ("summary", "html", "24h", True) == (schedule.type, schedule.format, schedule.window, schedule.keep)
    assert "| raw data | none; the newest 5,000 failures on request |" in PAGE
    assert all(f"`{name}`" in PAGE for name in (*FILTERS, *FORMATS, *PRINTED, *REPORT_TYPES))


def test_the_settings_of_the_page_are_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of them are taken as they stand there."""
    monkeypatch.setenv("ERRCLASS_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    (block,) = [block.body for block in list_blocks(PAGE) if block.language == "toml"]
    (tmp_path / "config.toml").write_text(block, encoding="utf-8")
    (weekly,) = load_settings().reporting.schedules.values()
    assert ("0 7 * * 1", Path("/srv/reports"), {"environment": "production"}) == (
        weekly.cron,
        weekly.folder,
        dict(weekly.filters),
    )


def test_links_lead_somewhere() -> None:
    """Relative links point at files that exist."""
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", PAGE)
    assert targets
    assert [] == [target for target in targets if not (DOCS / target).exists()]
