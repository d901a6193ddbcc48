"""Reports for Python programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.browsers import needs_browser
from support.command_line import call_errclass
from support.happenings import decide

import errclass
from errclass.core.types import Context, Outcome

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[errclass.Store]:
    with errclass.Store(tmp_path / "store") as found:
        fill(found)
        yield found


def fill(store: errclass.Store) -> None:
    for number, environment in enumerate(("production", "staging", "staging")):
        context = Context(environment=environment, operation="deploy")
        time = NOW - timedelta(hours=number + 1)
        store.record(Outcome(str(number), "boom", time=time, context=context, decision=decide("build")))


@pytest.fixture
def reporting(store: errclass.Store, tmp_path: Path) -> errclass.ErrorReporting:
    return errclass.ErrorReporting(store, folder=tmp_path / "reports", clock=lambda: NOW)


def test_a_report_with_the_words_of_the_system_before(reporting: errclass.ErrorReporting) -> None:
    """Type, format and time range; JSON without any."""
    made = reporting.generate_report(type="summary", format="html", time_range="24h")
    assert ("html", True) == (made.format, made.content.startswith("<!DOCTYPE html>"))
    assert 3 == json.loads(reporting.generate_report().content)["data"]["total_errors"]
    assert 3 == made.to_dict()["record_count"]


def test_filters_filter(reporting: errclass.ErrorReporting) -> None:
    """One value or several."""
    counts = [
        reporting.generate_report(filters=filters).to_dict()["record_count"]
        for filters in ({"environment": "staging"}, {"environment": ["staging", "production"]}, {"operation": "x"})
    ]
    assert [2, 3, 0] == counts


def test_only_what_is_to_be_kept_is_kept(reporting: errclass.ErrorReporting) -> None:
    """Listed, read, deleted."""
    assert reporting.generate_report().kept is None
    assert [] == reporting.list_reports()
    made = reporting.generate_report(format="md", keep=True)
    assert [made.kept] == reporting.list_reports()
    assert made.content == reporting.get_report(made.id)
    assert (1, []) == (reporting.delete_report(made.id), reporting.list_reports())
    with pytest.raises(errclass.UsageError, match="no report"):
        reporting.get_report(made.id)


@pytest.mark.parametrize(
    ("switch", "kinds"),
    [("reporting", ("summary", "analytics", "trends")), ("analytics", ("analytics", "trends"))],
)
def test_what_is_switched_off_is_not_made(
    home: Path, monkeypatch: pytest.MonkeyPatch, switch: str, kinds: tuple[str, ...]
) -> None:
    """Of the store of the settings, by Python and by the command."""
    monkeypatch.setenv(f"ERRCLASS_ENABLE__{switch.upper()}", "false")
    for kind in kinds:
        with pytest.raises(errclass.UsageError, match=f"set enable.{switch} to true"):
            errclass.ErrorReporting().generate_report(kind)
        done = call_errclass("report", "--type", kind)
        assert (2, True) == (done.code, f"set enable.{switch} to true" in done.err)
    assert switch == "reporting" or errclass.ErrorReporting().generate_report("summary").id


def test_a_store_that_is_given_has_no_switches(
    reporting: errclass.ErrorReporting, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are of the settings and their store."""
    monkeypatch.setenv("ERRCLASS_ENABLE__REPORTING", "false")
    monkeypatch.setenv("ERRCLASS_ENABLE__ANALYTICS", "false")
    assert 3 == reporting.generate_report("trends").to_dict()["record_count"]


def test_a_page_without_charts(reporting: errclass.ErrorReporting) -> None:
    """Where nobody wants the script that draws them."""
    assert "<script" not in reporting.generate_report(format="html", include_charts=False).content


def test_costs_are_told_at_the_price_of_the_settings(
    reporting: errclass.ErrorReporting, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And only then."""
    monkeypatch.setenv("ERRCLASS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ERRCLASS_REPORTING__COST_PER_MINUTE", "0.5")
    monkeypatch.setenv("ERRCLASS_REPORTING__CURRENCY", "CHF")
    assert "CHF" == reporting.generate_report(type="waste").to_dict()["data"]["money"]["currency"]


@needs_browser
def test_a_pdf_is_bytes(reporting: errclass.ErrorReporting) -> None:
    """In a file, where it is kept."""
    made = reporting.generate_report(format="pdf", keep=True)
    assert made.kept is not None
    assert made.data == made.kept.path.read_bytes()
    assert made.data.startswith(b"%PDF-")
    with pytest.raises(errclass.UsageError, match="a pdf is no text; take data"):
        _ = made.content
    with pytest.raises(errclass.UsageError, match="a pdf is no text; it is in"):
        reporting.get_report(made.id)


def test_a_template_is_registered_by_name(reporting: errclass.ErrorReporting) -> None:
    """For HTML."""
    reporting.register_template("short", "{{ report.body.record_count }} failed")
    assert "3 failed\n" == reporting.generate_report(format="html", template="short").content
    with pytest.raises(errclass.UsageError, match=r"no template 'shrt' is registered .did you mean 'short'"):
        reporting.generate_report(format="html", template="shrt")
    with pytest.raises(errclass.UsageError, match="a template is for html, not for md"):
        reporting.generate_report(format="md", template="short")


def test_without_a_store_that_of_the_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And nothing is made where there is none."""
    monkeypatch.setenv("ERRCLASS_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    reporting = errclass.ErrorReporting()
    assert 0 == reporting.generate_report().to_dict()["record_count"]
    assert not (tmp_path / "home").exists()
    kept = reporting.generate_report(keep=True).kept
    assert kept is not None
    assert tmp_path / "home" / "reports" == kept.path.parent
