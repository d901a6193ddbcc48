"""``errclass report``: what failed, at a terminal and in files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.command_line import call_errclass

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


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--type", "detailled"), "no report type is called 'detailled'"),
        (("--since", "1y"), "'1y' is no window"),
        (("--filter", "environment"), "write KEY=VALUE"),
        (("--filter", "env=x"), "no filter is called 'env'"),
        (("--format", "pdf"), "pdf"),
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
