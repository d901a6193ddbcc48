"""The clock against what was written before."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from itertools import count
from pathlib import Path

from errclass.core.clock import utc_now
from errclass.core.types import Outcome
from errclass.outcomes import Store
from errclass.system.checks.clock_check import check_clock
from errclass.system.settings import Settings

DAY = 86_400.0


def test_a_clock_that_goes_right_is_well(settings: Settings, folder: Path) -> None:
    """The time zone is told."""
    check = check_clock(settings)
    assert "ok" == check.status
    assert time.localtime().tm_zone in check.message


def test_without_a_store_there_is_less_to_compare(settings: Settings) -> None:
    """And none is made."""
    assert ("ok", False) == (check_clock(settings).status, Path(settings.store).exists())


def test_a_clock_before_errclass_was_made_is_a_problem(settings: Settings) -> None:
    """As on a machine whose battery is empty."""
    check = check_clock(settings, clock=lambda: 0.0)
    assert "problem" == check.status
    assert "behind this version of errclass" in check.message
    assert "set the clock" in check.advice


def test_a_clock_behind_the_newest_outcome_is_a_problem(settings: Settings, folder: Path) -> None:
    """A little is none, for other machines' clocks differ."""
    for identifier, ahead, status in (("b", timedelta(minutes=1), "ok"), ("c", timedelta(days=2), "problem")):
        with Store(settings.store) as store:
            store.record(Outcome(id=identifier, text="x", time=utc_now() + ahead))
            store.merge(wait=10)
        check = check_clock(settings)
        assert status == check.status, check.message


def test_a_clock_behind_a_file_of_the_home_is_a_problem(settings: Settings) -> None:
    """Somebody wrote it when the clock was another."""
    file = settings.home / "config.toml"
    file.write_text("")
    later = time.time() + 5 * DAY
    os.utime(file, (later, later))
    check = check_clock(settings)
    assert "problem" == check.status
    assert "4 d behind the newest file of the home" in check.message


def test_a_clock_that_is_moved_meanwhile_is_a_warning(settings: Settings) -> None:
    """Against the time that passes."""
    steps = count()
    check = check_clock(settings, clock=lambda: time.time() + 100 * next(steps), ticks=time.monotonic)
    assert "warning" == check.status
    assert "moved by +100 s" in check.message


def test_a_damaged_store_is_not_told_twice(settings: Settings, folder: Path) -> None:
    """Its own check says so."""
    (folder / "outcomes.duckdb").write_bytes(b"x" * 5000)
    assert "ok" == check_clock(settings).status
