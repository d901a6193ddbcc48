"""Types that fail together."""

from __future__ import annotations

import pytest
from support.happenings import Scene, at

from errclass.outcomes import check_filters, open_marts

COLUMNS = ("situation", "type", "other_type", "together", "seen", "other_seen", "situations", "expected", "lift")


def test_types_meet_in_a_run(scene: Scene) -> None:
    """However often each, in either order; a run with one type makes meeting less likely."""
    for run, kinds in {"1": "build test build", "2": "test build", "3": "network", "4": "build"}.items():
        for number, kind in enumerate(kinds.split()):
            scene.fail(f"{run}{number}", number, kind, operation_id=run)
    assert [("run", "build", "test", 2, 3, 2, 4, 1.5, pytest.approx(4 / 3))] == scene.read("co_occurrence", *COLUMNS)


def test_types_meet_in_a_repository_within_ten_minutes_by_the_clock(scene: Scene) -> None:
    """Not over the edge, nor in another repository, nor where none is named."""
    scene.fail("a", 0, "build", repository="x")
    scene.fail("b", 9.9, "test", repository="x")
    scene.fail("c", 10, "network", repository="x")
    scene.fail("d", 0, "network", repository="y")
    scene.fail("e", 0, "network")
    assert [("ten_minutes", "build", "test", 1, 1, 1, 3, pytest.approx(1 / 3), 3.0)] == scene.read(
        "co_occurrence", *COLUMNS
    )


def test_what_meets_nothing(waiting: Scene) -> None:
    """Cancelled failures, and those of no type."""
    waiting.fail("a", 0, "build", operation_id="r")
    waiting.fail("b", 0, "test", operation_id="r", cancelled=True)
    waiting.fail("c", 0, operation_id="r")
    assert [] == waiting.read("co_occurrence", *COLUMNS)


@pytest.mark.parametrize(
    ("filters", "pairs"),
    [
        ({"environment": "staging"}, [("build", "network"), ("build", "test"), ("network", "test")]),
        ({"environment": "staging", "type": ["build", "test"]}, [("build", "test")]),
    ],
)
def test_filters_choose_the_failures_that_meet(
    waiting: Scene, filters: dict[str, str | list[str]], pairs: list[tuple[str, str]]
) -> None:
    """By where and by what."""
    for run, environment in (("1", "production"), ("2", "staging")):
        for kind in ("build", "network", "test"):
            waiting.fail(f"{kind}{run}", 0, kind, operation_id=run, environment=environment)
    query = "SELECT type, other_type, together, situations FROM co_occurrence ORDER BY ALL"
    with open_marts(waiting.store, "co_occurrence", filters=check_filters(filters)) as session:
        assert [(*pair, 1, 1) for pair in pairs] == session.execute(query).fetchall()


def test_three_types_are_three_pairs_in_a_window(waiting: Scene) -> None:
    """By when they failed."""
    for number, kind in enumerate(("build", "network", "test")):
        waiting.fail(kind, number, kind, operation_id="r")
    assert 3 == len(waiting.read("co_occurrence", *COLUMNS))
    assert [("network", "test")] == waiting.read("co_occurrence", "type", "other_type", since=at(1))
