"""How numbers and times read."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from errclass.reports.intervals import change_interval, share_interval
from errclass.reports.sections import Cell, Figure, Unit
from errclass.reports.wording import draw_line, write_cell, write_figure, write_span


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (0.25, "0.25 s"),
        (59, "59 s"),
        (61, "1 min 1 s"),
        (7500, "2 h 5 min"),
        (90_061, "1 d 1 h"),
        (86_400, "1 d"),
    ],
)
def test_a_span(seconds: float, text: str) -> None:
    """Its two largest units."""
    assert text == write_span(seconds)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (None, "share", "-"),
        (0.5, "share", "50 %"),
        (-0.5, "change", "-50 %"),
        (0.021, "points", "+2 points"),
        (3, "", "3"),
        (3.14159, "", "3.14"),
        (True, "", "yes"),
        ("x", "", "x"),
    ],
)
def test_a_cell(value: Cell, unit: Unit, text: str) -> None:
    """By its unit."""
    assert text == write_cell(value, unit)


def test_a_figure_says_what_it_rests_on() -> None:
    """Its interval and its count, where there are any."""
    assert "75 % (n = 14, 95 %: 52 % to 92 %)" == write_figure(Figure("x", 0.75, "share", 0.52, 0.92, 14))
    assert "+20 % (95 %: +1 % to no end)" == write_figure(Figure("x", 0.2, "change", 0.01, None))
    assert "- (n = 0)" == write_figure(Figure("x", None, "share", None, None, 0))


@given(st.lists(st.integers(0, 10**9), max_size=50).map(tuple))
def test_a_line_has_a_bar_for_each_value(values: tuple[int, ...]) -> None:
    """The highest is highest, and only none is lowest."""
    line = draw_line(values)
    assert len(values) == len(line)
    assert [value == 0 for value in values] == [bar == "▁" for bar in line]
    assert not any(values) or "█" in line


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_an_interval_holds_its_share(successes: int, failures: int) -> None:
    """And lies between 0 and 1."""
    low, high = share_interval(successes, successes + failures)
    if successes + failures == 0:
        assert (None, None) == (low, high)
    else:
        assert low is not None
        assert high is not None
        assert 0 <= low <= successes / (successes + failures) + 1e-12
        assert successes / (successes + failures) - 1e-12 <= high <= 1


@pytest.mark.parametrize(("successes", "tries"), [(40, 50), (1, 3), (7, 1000), (499, 500)])
def test_the_ends_of_an_interval_are_where_the_score_test_turns(successes: int, tries: int) -> None:
    """Wilson's definition: shares from which the seen one is 1.96 standard errors away."""
    share = successes / tries
    for end in share_interval(successes, tries):
        assert end is not None
        assert pytest.approx(1.959964, rel=1e-6) == abs(share - end) / math.sqrt(end * (1 - end) / tries)


@pytest.mark.parametrize(("now", "before"), [(40, 10), (10, 40), (5, 5)])
def test_the_interval_of_a_change(now: int, before: int) -> None:
    """At its ends, the share of both together that is new is an end of Wilson's interval."""
    shares = [(1 + change) / (2 + change) for change in change_interval(now, before) if change is not None]
    assert pytest.approx(list(share_interval(now, now + before))) == shares


def test_a_change_from_nothing_has_no_end() -> None:
    """More than before, nobody knows how much."""
    low, high = change_interval(10, 0)
    assert low is not None
    assert low > 0
    assert high is None
