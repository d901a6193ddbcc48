"""Analytics as programs and notebooks use them."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

import errclass
from errclass.core.types import Outcome
from errclass.outcomes import Store
from errclass.reports import analyze_patterns, analyze_trends

NOW = datetime(2026, 3, 3, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home of the settings, with one failure in its store."""
    monkeypatch.setenv("ERRCLASS_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    with Store(tmp_path / "store") as store:
        store.record(Outcome("one", "boom", time=NOW.replace(day=2, hour=20)))
    return tmp_path


def test_the_store_is_that_of_the_settings(home: Path) -> None:
    """Opened for each analysis."""
    analytics = errclass.ErrorAnalytics(clock=lambda: NOW)
    assert 1 == analytics.analyze_patterns().total_errors
    assert 0 == analytics.analyze_patterns("1h").total_errors
    assert 1 == analytics.analyze_trends("24h").current.count
    assert 0 == analytics.analyze_patterns("24h", {"environment": "production"}).total_errors


def test_a_store_may_be_given(tmp_path: Path) -> None:
    """Then nothing else is read."""
    with Store(tmp_path / "own") as store:
        store.record(Outcome("one", "boom", time=NOW.replace(day=2)))
        analytics = errclass.ErrorAnalytics(store, clock=lambda: NOW)
        assert analyze_patterns(store, now=NOW) == analytics.analyze_patterns()
        assert analyze_trends(store, now=NOW) == analytics.analyze_trends()


def test_it_can_be_switched_off(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the settings, as every component."""
    (home / "config.toml").write_text("[enable]\nanalytics = false\n", encoding="utf-8")
    with pytest.raises(errclass.UsageError, match="analytics are switched off"):
        errclass.ErrorAnalytics().analyze_patterns()


def test_tables_say_what_to_install(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where pandas is missing; all else works without it."""
    monkeypatch.setitem(sys.modules, "pandas", None)
    found = errclass.ErrorAnalytics(clock=lambda: NOW).analyze_patterns()
    assert found.to_dict()["total_errors"] == 1
    with pytest.raises(errclass.MissingExtraError, match="pip install pandas"):
        found.frames()
