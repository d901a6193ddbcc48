"""Kaplan-Meier in SQL, against figures from the literature and a reference written for this test."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from support.happenings import DAY, Scene

END = 7 * DAY
"""Minutes after the start, at which every scene is last watched: within the 14 days that silence is watched for."""
SIX_MP = ([6, 6, 6, 7, 10, 13, 16, 22, 23], [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35])
PLACEBO = ([1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23], [])
"""Weeks of remission, ended and censored: Freireich et al., Blood 21 (1963), as in Cox and Oakes, 1984."""


def happen(scene: Scene, recovered: list[int], censored: list[int], component: str = "x") -> None:
    """One operation for each incident, so that they may overlap; a week is a minute."""
    for number, length in enumerate(recovered):
        where = {"operation": f"{component}-recovered-{number}", "component": component}
        scene.fail(f"{component}-{number}", 0, **where)
        scene.call(f"{component}-well-{number}", length, True, **where)
    for number, length in enumerate(censored):
        where = {"operation": f"{component}-open-{number}", "component": component}
        scene.fail(f"{component}-open-{number}", END - length, **where)
    scene.call("end", END, True, operation="end")


def read_curve(scene: Scene, component: str, *columns: str) -> list[tuple[float, ...]]:
    """The curve of one component, times in minutes."""
    rows = scene.read("time_to_recovery", "dimension", "value", "seconds", *columns)
    return [(row[2] / 60, *row[3:]) for row in rows if row[:2] == ("component", component)]


def reference(recovered: list[int], censored: list[int]) -> list[tuple[float, int, int, int, float]]:
    """The product-limit estimate, step by step."""
    survival, steps = 1.0, []
    for time in sorted({*recovered, *censored}):
        at_risk = sum(length >= time for length in (*recovered, *censored))
        ended = recovered.count(time)
        survival *= 1 - ended / at_risk
        steps.append((float(time), at_risk, ended, censored.count(time), survival))
    return steps


def test_the_leukemia_data(waiting: Scene) -> None:
    """The survival of the 6-MP arm as every textbook prints it, with Greenwood's errors."""
    happen(waiting, *SIX_MP)
    curve = [row for row in read_curve(waiting, "x", "at_risk", "recovered", "survival", "standard_error") if row[2]]
    assert [
        (6, 21, 3, 0.857, 0.0764), (7, 17, 1, 0.807, 0.0869), (10, 15, 1, 0.753, 0.0963), (13, 12, 1, 0.690, 0.1068),
        (16, 11, 1, 0.627, 0.1141), (22, 7, 1, 0.538, 0.1282), (23, 6, 1, 0.448, 0.1346),
    ] == [(time, risk, ended, round(share, 3), round(error, 4)) for time, risk, ended, share, error in curve]  # fmt: skip


@pytest.mark.parametrize(
    ("arm", "figures"),
    [(SIX_MP, (21, 9, 12, 23.29, 23.0, 35.0)), (PLACEBO, (21, 21, 0, 8.67, 8.0, 23.0))],
    ids=["6-MP", "placebo"],
)
def test_mean_and_median_of_the_leukemia_data(scene: Scene, arm: tuple[list[int], list[int]], figures: object) -> None:
    """As survfit of R prints them: the mean up to the longest time, the median where half is reached."""
    happen(scene, *arm)
    columns = ("incidents", "recovered", "censored", "mean_seconds", "median_seconds", "horizon_seconds")
    (found,) = [row[1:] for row in scene.read("mttr", "dimension", *columns) if row[0] == "all"]
    assert figures == (*found[:3], *(round(seconds / 60, 2) for seconds in found[3:]))


def test_groups_are_estimated_apart(waiting: Scene) -> None:
    """Two components side by side, each as if alone."""
    happen(waiting, *SIX_MP, component="treated")
    happen(waiting, *PLACEBO, component="placebo")
    for component, arm in (("treated", SIX_MP), ("placebo", PLACEBO)):
        curve = read_curve(waiting, component, "at_risk", "recovered", "censored", "survival")
        assert [row[:4] for row in reference(*arm)] == [row[:4] for row in curve]
        assert [row[4] for row in reference(*arm)] == pytest.approx([row[4] for row in curve])


@pytest.mark.parametrize("seed", range(5))
def test_chance_curves_are_those_of_the_reference(waiting: Scene, seed: int) -> None:
    """Ties, and times at which some recover and others are last seen."""
    draw = random.Random(seed)
    recovered, censored = ([draw.randint(1, 12) for _ in range(draw.randint(1, 25))] for _ in range(2))
    happen(waiting, recovered, censored)
    expected = reference(recovered, censored)
    found = read_curve(waiting, "x", "at_risk", "recovered", "censored", "survival")
    assert [row[:4] for row in expected] == [row[:4] for row in found]
    assert [row[4] for row in expected] == pytest.approx([row[4] for row in found])
    area = sum(before[4] * (after[0] - before[0]) for before, after in pairwise([(0, 0, 0, 0, 1.0), *expected]))
    (mean,) = [row[1] for row in waiting.read("mttr", "dimension", "mean_seconds") if row[0] == "all"]
    assert area * 60 == pytest.approx(mean)


def test_nothing_recovered(waiting: Scene) -> None:
    """No median, and the mean is only that of what was seen."""
    happen(waiting, [], [5, 7])
    columns = ("dimension", "recovered", "censored", "mean_seconds", "median_seconds")
    assert ("all", 0, 2, 420.0, None) in waiting.read("mttr", *columns)


def test_all_recovered_at_once_has_no_error(waiting: Scene) -> None:
    """Greenwood's formula would divide by zero."""
    happen(waiting, [5, 5], [])
    assert [(5.0, 0.0, None)] == read_curve(waiting, "x", "survival", "standard_error")


def test_what_recovered_nobody_knows_when_is_counted_but_not_in_the_curve(waiting: Scene) -> None:
    """Its time is not made up."""
    happen(waiting, [5], [])
    waiting.fail("unclear", 1, operation="unclear", success=True)
    columns = ("dimension", "incidents", "recovered", "untimed", "mean_seconds")
    assert ("all", 2, 2, 1, 300.0) in waiting.read("mttr", *columns)


def test_only_untimed_incidents_have_no_mean(waiting: Scene) -> None:
    """The group is listed all the same."""
    waiting.fail("unclear", 1, success=True)
    assert ("all", 1, 1, None, None) in waiting.read(
        "mttr", "dimension", "incidents", "untimed", "mean_seconds", "horizon_seconds"
    )
