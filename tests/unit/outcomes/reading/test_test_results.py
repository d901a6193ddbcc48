from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from errclass.classify.failing_tests import find_failing_tests
from errclass.core.errors import UsageError
from errclass.outcomes.reading import Skipped
from errclass.outcomes.reading.test_results import ReadCase, read_test_cases

REPORT = """<?xml version="1.0"?>
<testsuites timestamp="2026-11-24T09:00:00"><testsuite name="shop" timestamp="2026-11-24T10:00:00">
<testcase classname="shop.Cart" name="passes" time="1,234.5"><system-out>error</system-out></testcase>
<testcase classname="shop.Cart" name="fails" time="0.25">
<failure type="AssertionError" message="1 != 2">at line 5</failure><error>and more</error></testcase>
<testcase name="skipped"><skipped message="later"/></testcase>
<testcase classname="shop.Cart" name="switched off" status="notrun"/>
<testsuite name="inner"><testcase name="deep"/></testsuite>
</testsuite>
<testsuite name="other"><testcase name="breaks" time="soon"><error message="no database"/></testcase></testsuite>
</testsuites>"""
TEN = datetime(2026, 11, 24, 10, tzinfo=UTC)


def read(path: Path, content: str) -> tuple[list[ReadCase], Skipped]:
    path.write_text(content, encoding="utf-8")
    skipped = Skipped()
    return list(read_test_cases(path, skipped)), skipped


def test_every_case_that_ran_is_read(tmp_path: Path) -> None:
    """With its message, its seconds, and the time of the suite around it; the others are counted."""
    cases, skipped = read(tmp_path / "a.xml", REPORT)
    assert [
        ReadCase("shop.Cart.passes", True, seconds=1234.5, time=TEN),
        ReadCase("shop.Cart.fails", False, "AssertionError: 1 != 2\nat line 5", 0.25, TEN),
        ReadCase("deep", True, time=TEN),
        ReadCase("breaks", False, "no database", time=datetime(2026, 11, 24, 9, tzinfo=UTC)),
    ] == cases
    assert {"the test did not run": ["testcase 3", "testcase 4"]} == skipped.places


@pytest.mark.parametrize(
    ("case", "printed"),
    [
        (
            'classname="tests.unit.test_cart.TestCart" name="test_total[1-a]"',
            "FAILED tests/unit/test_cart.py::TestCart::test_total[1-a] - assert 1 == 2",
        ),
        ('classname="tests.test_cart" name="test_total"', "FAILED tests/test_cart.py::test_total - assert 1 == 2"),
        (
            'classname="tests.Old.test_cart.TestCart" file="tests/Old/test_cart.py" name="test_total"',
            "FAILED tests/Old/test_cart.py::TestCart::test_total - assert 1 == 2",
        ),
    ],
)
def test_a_test_of_pytest_is_spelled_as_pytest_prints_it(tmp_path: Path, case: str, printed: str) -> None:
    """So that a report and a log speak of the same test."""
    ((result,), _) = read(tmp_path / "a.xml", f"<testsuite name='pytest'><testcase {case}/></testsuite>")
    assert (result.test,) == find_failing_tests(printed)


def test_a_test_of_maven_is_spelled_as_surefire_prints_it(tmp_path: Path) -> None:
    """Its own way: class and method with a dot between them."""
    ((result,), _) = read(
        tmp_path / "a.xml", '<testsuite><testcase classname="shop.CartTest" name="total"/></testsuite>'
    )
    printed = "[ERROR] shop.CartTest.total -- Time elapsed: 0.01 s <<< FAILURE!"
    assert (result.test,) == find_failing_tests(printed)


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ('name="adds up"', "adds up"),
        ('classname="Cart" name="Cart.Total"', "Cart.Total"),
        ('classname="Cart" name="Cart"', "Cart.Cart"),
        ('classname=" Cart total " name=" adds up "', "Cart total.adds up"),
    ],
)
def test_other_tests_are_spelled_by_class_and_name(tmp_path: Path, case: str, expected: str) -> None:
    """The class is left out where the name has it already."""
    ((result,), _) = read(tmp_path / "a.xml", f"<testsuite><testcase {case}/></testsuite>")
    assert expected == result.test


@pytest.mark.parametrize("seconds", ["", "soon", "-1", "nan", "inf"])
def test_a_time_that_is_none_is_left_out(tmp_path: Path, seconds: str) -> None:
    """The case counts all the same."""
    ((result,), _) = read(tmp_path / "a.xml", f'<testsuite><testcase name="a" time="{seconds}"/></testsuite>')
    assert (None, True) == (result.seconds, result.passed)


def test_what_has_no_name_is_counted(tmp_path: Path) -> None:
    """A case, and a suite that failed as a whole."""
    cases, skipped = read(tmp_path / "a.xml", "<testsuite><testcase/><error>no kettle</error></testsuite>")
    assert ([], {"the test has no name": ["testcase 1", "after testcase 1"]}) == (cases, skipped.places)


def test_a_cut_report_gives_what_it_has(tmp_path: Path) -> None:
    """The case at which it breaks off counts only when it is known to have failed."""
    for end, expected in (("<failure>1 != 2</failure><sys", ["a", "b"]), ("<system-out>fi", ["a"])):
        report = f'<testsuite><testcase name="a"/><testcase name="b">{end}'
        cases, skipped = read(tmp_path / "a.xml", report)
        assert (expected, 1) == ([case.test for case in cases], skipped.total)


def test_a_long_message_is_bounded(tmp_path: Path) -> None:
    """A report may hold a whole log."""
    report = f'<testsuite><testcase name="a"><failure>{"x" * 200_000}</failure></testcase></testsuite>'
    ((result,), _) = read(tmp_path / "a.xml", report)
    assert len(result.message) <= 16 * 1024


def test_a_doctype_is_refused(tmp_path: Path) -> None:
    """Entities that expand without end are never defined."""
    with pytest.raises(UsageError, match="DOCTYPE"):
        read(tmp_path / "a.xml", '<!DOCTYPE x [<!ENTITY a "aaaa">]><testsuite/>')


def test_a_missing_report_is_one_clear_line(tmp_path: Path) -> None:
    """As for all that is read."""
    with pytest.raises(UsageError, match=r"cannot read .*a\.xml: No such file"):
        list(read_test_cases(tmp_path / "a.xml", Skipped()))


def test_a_large_report_is_not_held_in_memory(tmp_path: Path) -> None:
    """Cases are given one by one."""
    import tracemalloc

    case = f'<testcase name="a"><system-out>{"x" * 1000}</system-out></testcase>'
    (tmp_path / "a.xml").write_text(f"<testsuite>{case * 20_000}</testsuite>")
    tracemalloc.start()
    count = sum(1 for _ in read_test_cases(tmp_path / "a.xml", Skipped()))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (20_000, True) == (count, peak < 3_000_000)
