"""``errclass report``: what failed, at a terminal and in files."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from support.browsers import needs_browser
from support.command_line import call_errclass

from errclass.reports import REPORT_TYPES

CALLS = (
    '{"text": "npm error code EUSAGE", "success": false, "operation": "build", "context": {"environment": "staging"}}',
    '{"text": "Connection refused", "success": false, "operation": "deploy", "context": {"environment": "production"}}',
    '{"text": "Connection refused", "success": false, "operation": "deploy", "context": {"environment": "production"}}',
)


@pytest.fixture
def filled(tree: Path) -> None:
    """A store with three failures."""
    done = call_errclass("outcomes", "record", stdin="\n".join(CALLS).encode())
    assert 0 == done.code, done.err


def test_an_empty_store_is_no_mistake(home: Path) -> None:
    """And is not made."""
    done = call_errclass("report")
    assert (0, True) == (done.code, "Nothing was ever recorded in this store" in done.out)
    assert not home.exists()


def test_a_report_at_a_terminal(filled: None) -> None:
    """Tables."""
    done = call_errclass("report")
    assert (0, "") == (done.code, done.err)
    assert {"OVERVIEW", "TOP CAUSES", "WHAT HAPPENED LAST"} <= set(done.out.splitlines())


def test_a_report_on_performance(filled: None) -> None:
    """What does not work, and how long it takes to recover."""
    done = call_errclass("report", "--type", "performance")
    assert (0, "") == (done.code, done.err)
    assert {"OVERVIEW", "WHAT DOES NOT WORK NOW", "WORST FIRST"} <= set(done.out.splitlines())
    data = call_errclass("report", "--type", "performance", "--format", "json").json["data"]
    assert (3, 2) == (data["system_metrics"]["calls"], data["open_incidents"])


def test_filters_filter(filled: None) -> None:
    """Values of a key add up, keys narrow down."""

    def count(*filters: str) -> int:
        options = [part for one in filters for part in ("--filter", one)]
        return int(call_errclass("report", "--format", "json", *options).json["record_count"])

    assert [3, 2, 3, 1, 0] == [
        count(),
        count("environment=production"),
        count("environment=production", "environment=staging"),
        count("environment=staging", "operation=build"),
        count("environment=staging", "operation=deploy"),
    ]


@pytest.mark.parametrize(
    ("name", "start"), [("r.html", "<!DOCTYPE"), ("r.md", "# "), ("r.csv", "section"), ("r.JSON", "{")]
)
def test_the_ending_of_a_file_says_what_it_becomes(filled: None, tree: Path, name: str, start: str) -> None:
    """Nothing on standard output."""
    done = call_errclass("report", "-o", name)
    assert (0, "", True) == (done.code, done.out, name in done.err)
    assert (tree / name).read_text(encoding="utf-8").startswith(start)


def test_raw_data_on_request(filled: None) -> None:
    """The failures themselves."""
    assert 3 == len(call_errclass("report", "--format", "json", "--raw").json["failures"])


def test_the_format_counts_over_the_ending(filled: None, tree: Path) -> None:
    """As it was said."""
    call_errclass("report", "--format", "json", "-o", "r.txt")
    assert "summary" == json.loads((tree / "r.txt").read_text())["type"]


def test_kept_reports_are_listed_shown_and_deleted(filled: None) -> None:
    """A report is kept as a page, unless it is said as what."""
    kept = call_errclass("report", "--keep", "--no-charts").out.strip()
    other = call_errclass("report", "--keep", "--type", "waste", "--format", "md").out.strip()
    assert (True, True) == (kept.startswith("summary-"), other.startswith("waste-"))
    listed = call_errclass("reports", "list", "--format", "json").json["reports"]
    assert {"html", "md"} == {one["format"] for one in listed}
    assert kept in call_errclass("reports", "list").out
    assert call_errclass("reports", "show", kept).out.startswith("<!DOCTYPE html>")
    assert "1 files deleted\n" == call_errclass("reports", "delete", kept).out
    done = call_errclass("reports", "show", kept)
    assert (2, True) == (done.code, "no report" in done.err)
    assert 1 == len(call_errclass("reports", "list", "--format", "json").json["reports"])


def test_a_page_is_small_without_charts(filled: None, tree: Path) -> None:
    """The script that draws them weighs five megabytes."""
    call_errclass("report", "-o", "with.html")
    call_errclass("report", "--no-charts", "-o", "without.html")
    assert (tree / "with.html").stat().st_size > 1_000_000 > (tree / "without.html").stat().st_size


@needs_browser
def test_a_pdf_by_its_ending(filled: None, tree: Path) -> None:
    """Printed by a browser of this machine."""
    done = call_errclass("report", "-o", "r.pdf")
    assert (0, "") == (done.code, done.out), done.err
    assert (tree / "r.pdf").read_bytes().startswith(b"%PDF-")


def test_a_pdf_without_a_browser_names_what_to_install(
    filled: None, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit code 2, and no file."""
    monkeypatch.setenv("PATH", str(tree))
    done = call_errclass("report", "-o", "r.pdf")
    assert (2, "", True) == (done.code, done.out, "install chromium" in done.err)
    monkeypatch.setenv("ERRCLASS_REPORTING__BROWSER", "/no/such/chromium")
    done = call_errclass("report", "-o", "r.pdf")
    assert (2, True) == (done.code, "/no/such/chromium: is no program" in done.err)
    assert not (tree / "r.pdf").exists()


def test_costs_only_at_a_price(filled: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """That of the settings, which has to have a currency."""
    assert call_errclass("report", "--type", "waste", "--format", "json").json["data"]["money"] is None
    monkeypatch.setenv("ERRCLASS_REPORTING__COST_PER_MINUTE", "0.01")
    done = call_errclass("report", "--type", "waste", "--format", "json")
    assert (2, True) == (done.code, "currency" in done.err)
    monkeypatch.setenv("ERRCLASS_REPORTING__CURRENCY", "EUR")
    money = call_errclass("report", "--type", "waste", "--format", "json").json["data"]["money"]
    assert ("EUR", 0.01) == (money["currency"], money["per_minute"])


def test_what_is_due_is_made(filled: None, home: Path, tree: Path) -> None:
    """From when a schedule was first looked at; before that nothing was due."""
    home.mkdir(exist_ok=True)
    (home / "config.toml").write_text('[reporting.schedules.often]\ncron = "* * * * *"\nformat = "md"\n')
    first = call_errclass("report", "--due")
    assert (0, "", True) == (first.code, first.out, "often: next at " in first.err)
    assert [] == call_errclass("reports", "list", "--format", "json").json["reports"]


def test_a_schedule_of_a_working_tree_does_not_count(filled: None, tree: Path) -> None:
    """Nor anything else of reports: who opens a pull request does not choose programs, folders or whom to tell."""
    (tree / "errclass.toml").write_text(
        '[reporting]\nbrowser = "/bin/sh"\n[reporting.schedules.x]\ncron = "* * * * *"\n', encoding="utf-8"
    )
    done = call_errclass("report", "--due")
    assert (2, "", True) == (done.code, done.out, "--due: there are no schedules" in done.err)
    assert {True} == {f"reporting.{key} is not applied" in done.err for key in ("browser", "schedules.x.cron")}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--type", "detailled"), "no report type is called 'detailled'"),
        (("--since", "1y"), "'1y' is no window"),
        (("--filter", "environment"), "write KEY=VALUE"),
        (("--filter", "env=x"), "no filter is called 'env'"),
        (("--format", "pdf"), "a PDF is no text for a terminal: name its file with -o"),
        (("--format", "odt"), "odt"),
        (("--keep", "--format", "table"), "--keep: say what it is to be"),
        (("--due", "--since", "7d"), "--due: takes no other option"),
        (("-o", "report.txt"), "report.txt: say what it is to be"),
        (("-o", "missing/report.md"), "missing/report.md: cannot be written"),
    ],
)
def test_a_mistake_is_told(arguments: tuple[str, ...], message: str, tree: Path) -> None:
    """In one line, with what to do; exit code 2, and no file."""
    done = call_errclass("report", *arguments)
    assert (2, "", True) == (done.code, done.out, message in done.err)
    assert "Traceback" not in done.err
    assert [".git"] == [entry.name for entry in tree.iterdir()]


def test_the_help_names_every_type() -> None:
    """And none that there is not."""
    (line,) = re.findall(r"Which report: ([^.]+)\.", " ".join(call_errclass("report", "--help").out.split()))
    assert set(REPORT_TYPES) == set(re.split(r", | or ", line))


def test_a_store_that_is_a_file_is_told(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Instead of an all-clear."""
    (tmp_path / "store").write_text("no store", encoding="utf-8")
    monkeypatch.setenv("ERRCLASS_STORE", str(tmp_path / "store"))
    done = call_errclass("report")
    assert (1, True) == (done.code, "is a file, and no folder of a store" in done.err)
    assert 0 == call_errclass("explain", stdin=b"npm error code ETIMEDOUT").code


def test_a_place_without_a_name_in_utf_8_is_a_place(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as a folder of another encoding."""
    monkeypatch.setenv("ERRCLASS_STORE", f"{tree}/\udcff")
    done = call_errclass("report")
    assert (0, True) == (done.code, "Nothing was ever recorded" in done.out)
