"""Where the marks of charts are."""

from __future__ import annotations

from datetime import UTC, datetime

from errclass.serve.dashboard.charts import HEIGHT, draw_columns, draw_curve, draw_interval

SINCE = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def test_columns_are_as_high_as_their_counts() -> None:
    """The highest is as high as can be, none stands on the ground, and very few are still seen."""
    chart = draw_columns((0, 1000, 500, 1), SINCE, 3600)
    assert [0.0, HEIGHT, HEIGHT / 2, 1.5] == [one.height for one in chart.columns]
    assert [HEIGHT] * 4 == [one.y + one.height for one in chart.columns]
    assert (4, 1000, 1501, "1 h") == (chart.width, chart.top, chart.total, chart.slot)
    assert ("12:00", "15:00") == (chart.ticks[0], chart.ticks[-1])
    assert "1501 in 4 slots of 1 h; most, 1000, from 02 Mar 13:00." == chart.summary


def test_a_chart_of_nothing_says_so() -> None:
    """With slots and without any."""
    assert "None, in 2 slots of 1 d." == draw_columns((0, 0), SINCE, 86_400).summary
    assert (1, ()) == (draw_columns((), SINCE, 60).width, draw_columns((), SINCE, 60).ticks)


def test_a_share_that_is_not_known_has_no_marks() -> None:
    """And one without an interval has one of no width."""
    assert draw_interval(None) is None
    marks = draw_interval(0.5)
    assert marks
    assert (50.0, 50.0, 50.0) == (marks.low, marks.value, marks.high)


def test_a_curve_is_broken_where_nothing_is_known() -> None:
    """It begins anew after a gap."""
    curve = draw_curve((1.0, 0.5, None, 0.0), SINCE, 3600)
    assert "M0.5 0L1.5 50M3.5 100" == curve.path
    assert ["02 Mar 12:00: 100 %", "02 Mar 13:00: 50 %", "02 Mar 15:00: 0 %"] == [label for _, _, label in curve.dots]
