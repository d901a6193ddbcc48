"""Charts: what they show, in colours that everybody can tell apart."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from support.hostile import HOSTILE

from errclass.reports.figures import (
    THEMES,
    Bin,
    Share,
    Spent,
    Theme,
    draw_calibration,
    draw_chart,
    draw_counts,
    draw_shares,
    draw_timeline,
    draw_times,
    style,
)
from errclass.reports.figures.looks import escape_label
from errclass.reports.figures.numbers import list_numbers
from errclass.reports.sections import Chart

SINCE = datetime(2026, 5, 1, tzinfo=UTC)
SIGHTS = {
    "all colours": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "no red": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "no green": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "no blue": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}
"""How linear colours are seen (G. M. Machado and others 2009, severity 1)."""


@pytest.fixture(params=THEMES)
def theme(request: pytest.FixtureRequest) -> Theme:
    return THEMES[request.param]


def to_linear(colour: str) -> list[float]:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def contrast(first: str, second: str) -> float:
    """Return the contrast of WCAG 2.2."""
    dark, light = sorted(0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in map(to_linear, (first, second)))
    return (light + 0.05) / (dark + 0.05)


def to_lab(linear: Sequence[float]) -> tuple[float, float, float]:
    r, g, b = (min(max(part, 0.0), 1.0) for part in linear)
    x, y, z = (
        (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047,
        0.2126 * r + 0.7152 * g + 0.0722 * b,
        (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883,
    )
    fx, fy, fz = (part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116 for part in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def test_colours_stand_out_from_the_paper(theme: Theme) -> None:
    """Text as WCAG asks of text, marks as it asks of graphics."""
    assert min(contrast(colour, theme.paper) for colour in (theme.ink, theme.faint)) >= 4.5
    assert min(contrast(colour, theme.paper) for colour in theme.colours) >= 3


@pytest.mark.parametrize("sight", SIGHTS)
def test_colours_are_told_apart(theme: Theme, sight: str) -> None:
    """However they are seen; from a distance of 10 on, nobody takes one for the other."""
    seen = [
        to_lab([sum(row[n] * part for n, part in enumerate(to_linear(colour))) for row in SIGHTS[sight]])
        for colour in theme.colours
    ]
    assert min(math.dist(first, second) for first, second in itertools.combinations(seen, 2)) >= 20


def test_a_timeline_has_a_bar_for_each_slot() -> None:
    """At the start of its slot."""
    drawn = draw_timeline((3, 0, 5), SINCE, 3600)
    table = list_numbers(drawn, "Errors")
    assert table is not None
    assert (("2026-05-01 00:00:00", 3), ("2026-05-01 01:00:00", 0), ("2026-05-01 02:00:00", 5)) == table.rows


def test_small_counts_are_one_bar_together() -> None:
    """None is left out, and none comes in where all have room."""
    counts = {f"n{number:02}": 100 - number for number in range(15)}
    (bars,) = draw_counts(counts, what="type").data
    assert (12, "4 others", sum(counts.values())) == (len(bars.y), bars.y[-1], sum(bars.x))
    (bars,) = draw_counts(dict(itertools.islice(counts.items(), 12)), what="type").data
    assert tuple(counts)[:12] == bars.y


def test_the_looks_come_in_one_place() -> None:
    """No logo, nothing that moves, more height for more bars; a legend for more than one trace only."""
    few, many = (style(draw_counts(dict.fromkeys(map(str, range(size)), 1), what="type")) for size in (2, 9))
    assert few.layout.height < many.layout.height
    assert (False, False) == (few.layout.showlegend, few.layout.dragmode)
    assert list(THEMES["light"].colours) == list(few.layout.template.layout.colorway)
    assert style(draw_times([Spent("x", 60, 30, 10)], what="type")).layout.showlegend
    assert 123 == draw_chart(Chart("x", "X", lambda: draw_counts({"a": 1}, what="type")), height=123).layout.height


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda one: one.name)
def test_text_is_no_mark_of_plotly(hostile: object) -> None:
    """Wherever it stands in a figure."""
    text = str(getattr(hostile, "text", hostile))
    shares = [Share(text, 0.5, 0.25, 0.75, 10)]
    for figure in (
        draw_counts({text: 1}, what="type"),
        draw_shares(shares, what="type", name="share"),
        draw_times([Spent(text, 1, 2, 3)], what="cause"),
    ):
        drawn = style(figure)
        for trace in drawn.data:
            assert not re.search(r"[<\x00-\x1f\x7f]|&(?!amp;|lt;)", "".join(trace.y))
            assert set() == set(re.findall(r"<[^>]*>", trace.hovertemplate)) - {"<br>", "<extra>", "</extra>"}


def test_a_label_is_short_and_shown_as_it_is() -> None:
    """Entities too."""
    assert "&lt;b>&amp;lt;" == escape_label("<b>&lt;")
    assert "x" * 59 + "…" == escape_label("x" * 99)


def test_marks_of_a_figure_are_kept_where_it_may_have_some() -> None:
    """In what is shown on pointing at it, and only line breaks there."""
    figure = draw_counts({"a": 1}, what="type")
    figure.data[0].hovertemplate = "%{y}<br><a href='x'>y</a><extra></extra>"
    assert "%{y}<br>&lt;a href='x'>y&lt;/a><extra></extra>" == style(figure).data[0].hovertemplate


def test_a_calibration_shows_bins_with_cases() -> None:
    """With Wilson's interval, and the line on which they should lie."""
    drawn = draw_calibration([Bin(10, 9, 0.85), Bin(0, 0, 0.0)])
    table = list_numbers(drawn, "How sure, how right")
    assert table is not None
    ((confidence, right, low, high),) = table.rows
    assert (0.85, 0.9) == (confidence, right)
    assert (pytest.approx(0.5958, abs=1e-4), pytest.approx(0.9821, abs=1e-4)) == (low, high)
    assert {"share"} == {column.unit for column in table.columns}


def test_a_figure_without_axes_has_no_table() -> None:
    """The page then says where the numbers are."""
    from plotly.graph_objects import Figure, Heatmap, Pie

    assert list_numbers(Figure(Pie(values=[1], labels=["a"])), "x") is None
    table = list_numbers(Figure(Heatmap(x=["a", "b"], y=["p", "q"], z=[[1, 2], [3, 4]])), "x")
    assert table is not None
    assert (("p", 1, 2), ("q", 3, 4)) == table.rows
