"""Tests that pass and fail on the same code: seen in reports, listed, and retried."""

from __future__ import annotations

from pathlib import Path

from support.command_line import call_errclass

TEST = "tests/test_cart.py::test_total"
LOG = f"""collected 3 items
FAILED {TEST} - assert 3 == 4
=================== 1 failed, 2 passed in 0.12s ===================
"""


def write_report(tree: Path, name: str, failed: bool) -> Path:
    failure = '<failure message="assert 3 == 4">E assert 3 == 4</failure>' if failed else ""
    path = tree / name
    path.write_text(
        f'<testsuite name="pytest" timestamp="2026-11-2{int(failed)}T10:00:00">'
        f'<testcase classname="tests.test_cart" name="test_total" time="0.1">{failure}</testcase>'
        '<testcase classname="tests.test_cart" name="test_empty" time="0.1"/></testsuite>'
    )
    return path


def import_report(path: Path, commit: str) -> int:
    done = call_errclass("outcomes", "import", path, "--context", f"commit={commit}", "--format", "json")
    return int(done.json[0]["test_results"])


def test_no_test_is_flaky_at_first() -> None:
    """Nothing is made up, and nothing is written."""
    done = call_errclass("outcomes", "flaky")
    assert (0, "", True) == (done.code, done.out, "no test" in done.err)


def test_reports_of_one_commit_show_it(tree: Path) -> None:
    """The passing test beside it is not listed."""
    assert 2 == import_report(write_report(tree, "a.xml", failed=True), "c0ffee")
    assert 2 == import_report(write_report(tree, "b.xml", failed=False), "c0ffee")
    (row,) = call_errclass("outcomes", "flaky", "--format", "json").json
    assert (TEST, 1, 2, 1) == (row["test"], row["flaky_commits"], row["runs"], row["failures"])
    assert TEST in call_errclass("outcomes", "flaky").out


def test_reports_of_two_commits_show_nothing(tree: Path) -> None:
    """A mended test is not flaky."""
    import_report(write_report(tree, "a.xml", failed=True), "c0ffee")
    import_report(write_report(tree, "b.xml", failed=False), "decaf0")
    assert [] == call_errclass("outcomes", "flaky", "--format", "json").json


def test_same_report_twice_adds_nothing(tree: Path) -> None:
    """Results have ids of their own."""
    path = write_report(tree, "a.xml", failed=True)
    for _ in range(2):
        import_report(path, "c0ffee")
    rows = [row for row in call_errclass("outcomes", "export").lines if row["table"] == "test_results"]
    assert 2 == len(rows)


def test_failure_of_flaky_tests_alone_is_worth_a_retry(tree: Path, use_full_model: Path) -> None:
    """The same log is not, before the store knows; and the decision says why."""
    before = call_errclass("explain", "--format", "json", stdin=LOG.encode()).json
    import_report(write_report(tree, "a.xml", failed=True), "c0ffee")
    import_report(write_report(tree, "b.xml", failed=False), "c0ffee")
    after = call_errclass("explain", "--format", "json", stdin=LOG.encode()).json
    assert ("test", False) == (before["type"], before["retryable"])
    assert ("test", True, "retry") == (after["type"], after["retryable"], after["decision"]["strategy"])
    assert "retry/known_flaky_tests" in after["decision"]["rules_fired"]
    assert any("Flaky" in line and TEST in line for line in after["before"])
