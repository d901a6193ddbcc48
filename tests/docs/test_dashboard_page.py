"""docs/dashboard.md cannot lie: its pages, scopes, times and numbers are those of the code."""

from __future__ import annotations

import re

from support.source import find_source

from errclass.serve.dashboard.looks import WAIT_SECONDS
from errclass.serve.dashboard.navigation import NAVIGATION
from errclass.serve.dashboard.pages import live, review
from errclass.serve.dashboard.question import WINDOWS
from errclass.serve.dashboard.replays import MOST_KEPT
from errclass.serve.dashboard.sessions import IDLE_SECONDS, MOST_OF_A_KEY, MOST_SECONDS, MOST_SESSIONS

TEXT = (find_source() / "docs" / "dashboard.md").read_text(encoding="utf-8")


def test_every_page_is_described_with_its_scope() -> None:
    """In the order of the navigation, but for those that people ask something of."""
    rows = re.findall(r"^\| (\w[\w ]*) \| (read|classify)\b[^|]* \| \S", TEXT, re.MULTILINE)
    assert [(entry.title, entry.scope) for entry in NAVIGATION] == rows


def test_the_numbers_are_those_of_the_code() -> None:
    """Every default."""
    rows = dict(re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", TEXT.partition("## Defaults")[2], re.MULTILINE))
    assert f"{MOST_SECONDS / 3600:g} hours, {IDLE_SECONDS / 3600:g} hours without" in rows["a session lasts"]
    assert rows["sessions at a time"].startswith(f"{MOST_SESSIONS}, {MOST_OF_A_KEY} of one key;")
    assert f"{WAIT_SECONDS:g} s" == rows["a page waits for a first look"]
    assert f"the {review.MOST} that" in rows["causes in the review"]
    assert f"the newest {live.MOST} of" in rows["failures in the live feed"]
    assert f"the last {MOST_KEPT} are kept" in rows["replays"]
    assert "24 hours, 7, 30 and 90 days" in TEXT
    assert ["24 hours", "7 days", "30 days", "90 days"] == list(WINDOWS.values())
