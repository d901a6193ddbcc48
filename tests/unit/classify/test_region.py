"""The lines that explain a failure are found in a log and ranked."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from errclass.classify.reading import read_lines
from errclass.classify.region import MAX_CAUSE_LINES, MAX_REGION_CHARS, MAX_REGION_LINES, find_region
from errclass.core.types import Failure, Region


def region_of(text: str, line_numbers: tuple[int, ...] = ()) -> Region:
    return find_region(read_lines(Failure(text=text, line_numbers=line_numbers))).region


def healthy(count: int) -> list[str]:
    return [f"[{number}/{count}] compiling module_{number}.c" for number in range(count)]


FAILURE = [
    "src/cart.c: In function 'total':",
    "src/cart.c:12:5: error: expected ';' before 'return'",
    "   12 |     return sum",
]


def test_a_short_text_is_its_own_region() -> None:
    """All lines of a short text belong to it, without blank ones."""
    text = "starting\n\nError: boom\nat main.js:3"
    region = region_of(text)
    assert "starting\nError: boom\nat main.js:3" == region.text
    assert (1, 4) == (region.start, region.end)
    assert 3 == region.cause_lines[0]


@pytest.mark.parametrize("text", ["", "\n\n", "  \t \n", "\x1b[0m\n"])
def test_an_empty_text_has_no_region(text: str) -> None:
    """Nothing but white space and escapes gives none."""
    assert Region("", 0, 0) == region_of(text)


def test_the_failing_lines_are_found_in_the_middle_of_a_log() -> None:
    """Thousands of healthy lines on both sides do not hide them, and the numbers are those of the log."""
    log = [*healthy(3000), *FAILURE, *healthy(2000)]
    region = region_of("\n".join(log))
    assert 3002 == region.cause_lines[0]
    assert FAILURE[1] in region.text
    assert 2990 <= region.start <= 3001
    assert 3003 <= region.end <= 3020


def test_a_closing_line_is_never_first() -> None:
    """What only says that something failed ranks behind what says more, however late it stands."""
    closing = [
        "make: *** [Makefile:12: all] Error 2",
        "##[error]Process completed with exit code 2.",
        "ERROR: Job failed: exit code 2",
    ]
    for failure in (
        "✗ total of an empty cart",
        "src/cart.c:12:5: error: expected ';'",
        "the upload could not be finished",
    ):
        log = [*healthy(20), failure, *healthy(3000), *closing]
        assert 21 == region_of("\n".join(log)).cause_lines[0]


def test_closing_lines_are_named_where_there_is_nothing_else() -> None:
    """A log that ends with an exit code and says no more still points at that line."""
    log = [*healthy(100), "##[error]Process completed with exit code 2."]
    assert (101,) == region_of("\n".join(log)).cause_lines


def test_passing_tests_are_no_causes() -> None:
    """Words in the names of passing tests count nothing."""
    log = [
        *(f"tests/test_net.py::test_connection_refused_{n} PASSED" for n in range(100)),
        "E   AssertionError: 3 != 4",
    ]
    assert (101,) == region_of("\n".join(log)).cause_lines


def test_a_healthy_log_has_a_region_without_causes() -> None:
    """Its tail is all there is to show."""
    region = region_of("\n".join(healthy(500)))
    assert () == region.cause_lines
    assert 500 == region.end


def test_a_condensed_log_keeps_the_numbers_of_its_source() -> None:
    """Lines that were left out count."""
    region = region_of("before\nError: boom\nafter", (10, 4711, 4712))
    assert (4711,) == region.cause_lines
    assert (10, 4712) == (region.start, region.end)


def test_all_lines_of_a_cr_only_log_share_the_first_number() -> None:
    """A line ends at LF only."""
    region = region_of("starting\rError: boom\rdone")
    assert "starting\nError: boom\ndone" == region.text
    assert (1, 1, (1,)) == (region.start, region.end, region.cause_lines)


def test_windows_line_ends_change_nothing() -> None:
    """CR LF gives the same region as LF."""
    log = "\n".join([*healthy(100), *FAILURE, *healthy(100)])
    assert region_of(log) == region_of(log.replace("\n", "\r\n"))


def test_a_limit_never_cuts_off_the_best_line() -> None:
    """The headline stays in the region even where long hints fill the block before it."""
    hints = [f"note {n}: the value is not what it was " + "x" * 900 for n in range(25)]
    log = [*healthy(200), *hints, "Error: Cannot find module 'express'", *healthy(200)]
    region = region_of("\n".join(log))
    assert "Error: Cannot find module 'express'" in region.text
    assert len(region.text) <= MAX_REGION_CHARS


def test_the_tail_of_a_log_of_long_lines_ends_with_its_end() -> None:
    """Where no line says anything, the region is the end of the log, not the start of its tail."""
    log = [f"line {n} " + "x" * 2000 for n in range(100)]
    region = region_of("\n".join(log))
    assert 100 == region.end
    assert region.text.split("\n")[-1].startswith("line 99 ")


LINES = st.sampled_from(
    [
        "",
        "ok",
        "Error: boom",
        "FAILED a.py::test",
        "warning: x",
        "Process completed with exit code 1.",
        "##[error]bad",
        "a\rError: b",
        "x" * 1500,
        "Error: " + "y" * 3000,
    ]
)


@settings(deadline=None)
@given(st.lists(LINES, max_size=200))
def test_any_log_gives_a_region_within_bounds(lines: list[str]) -> None:
    """The limits hold, the causes lie in the log, each once, and the region holds the first of them."""
    region = region_of("\n".join(lines))
    assert len(region.text) <= MAX_REGION_CHARS
    assert len(region.text.split("\n")) <= MAX_REGION_LINES
    assert len(region.cause_lines) <= MAX_CAUSE_LINES
    assert len(region.cause_lines) == len(set(region.cause_lines))
    assert all(1 <= number <= len(lines) for number in region.cause_lines)
    assert 0 <= region.start <= region.end <= len(lines)
    if region.cause_lines:
        assert region.start <= region.cause_lines[0] <= region.end


def test_the_lines_are_those_of_the_text() -> None:
    """Each line of the region's text comes with its number."""
    log = [*healthy(3000), *FAILURE, *healthy(2000)]
    region, lines, _ = find_region(read_lines(Failure(text="\n".join(log))))
    assert region.text.split("\n") == [line.text for line in lines]
    assert [log[line.number - 1] for line in lines] == [line.text for line in lines]
