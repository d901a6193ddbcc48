"""How numbers and times read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
