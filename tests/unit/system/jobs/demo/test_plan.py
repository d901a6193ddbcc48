"""The plan of the demo: when runs begin, what breaks them, and what mends them."""

from __future__ import annotations

import math
import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from errclass.system.jobs.demo.plan import Run, plan_runs
from errclass.system.jobs.demo.seasons import RUNS_PER_WEEK, draw_starts
from errclass.system.jobs.demo.spells import Spell, plan_spells
from errclass.system.jobs.demo.world import load_world

UNTIL = datetime(2026, 3, 6, 15, 30, tzinfo=UTC)
SINCE = UNTIL - timedelta(days=90)
WORLD = load_world()
SPELLS = plan_spells(SINCE, UNTIL)
RUNS = plan_runs(WORLD, SPELLS, 1, SINCE, UNTIL)


def spell(name: str) -> Spell:
    (found,) = [one for one in SPELLS if one.name == name]
    return found


def is_there(run: Run, one: Spell) -> bool:
    """Judge by what the spell says, not by what its own methods make of it."""
    pipeline = run.pipeline
    if pipeline.operation not in one.operations or one.environment not in {None, pipeline.environment}:
        return False
    return one.since <= run.started < (one.until or UNTIL)


def test_the_same_seed_gives_the_same_plan_and_another_one_another() -> None:
    """Down to the commits."""
    assert RUNS == plan_runs(WORLD, plan_spells(SINCE, UNTIL), 1, SINCE, UNTIL)
    other = plan_runs(WORLD, SPELLS, 2, SINCE, UNTIL)
    assert {run.commit for run in RUNS}.isdisjoint(run.commit for run in other)


def test_runs_are_in_order_and_within_the_span() -> None:
    """Each with an id of its own."""
    starts = [run.started for run in RUNS]
    assert sorted(starts) == starts
    assert starts[0] >= SINCE
    assert starts[-1] < UNTIL
    assert len(RUNS) == len({run.id for run in RUNS})


def test_the_load_is_as_heavy_as_said_and_follows_the_week() -> None:
    """Counted over three years, within four standard errors of a Poisson count."""
    weeks = 156
    starts = list(draw_starts(random.Random(5), SINCE, SINCE + timedelta(weeks=weeks)))
    assert abs(len(starts) - weeks * RUNS_PER_WEEK) < 4 * math.sqrt(weeks * RUNS_PER_WEEK)
    by_day = Counter(moment.weekday() for moment in starts)
    assert max(by_day[5], by_day[6]) * 4 < min(by_day[day] for day in range(5))
    working = Counter(9 <= moment.hour < 18 for moment in starts if moment.weekday() < 5)
    assert working[True] > 2 * working[False]


def test_what_breaks_stays_broken_until_the_run_that_mends_it() -> None:
    """Told from the runs alone: between the first failure and the repair, no run of the place works."""
    open_breaks: dict[tuple[str, str, str], list[Run]] = {}
    repairs = 0
    for run in RUNS:
        place = (run.pipeline.operation, run.pipeline.environment, run.branch)
        if run.mends:
            broken = open_breaks.pop(place)
            assert run.broken is None
            assert tuple(one.id for one in broken) == run.mends
            assert broken[0].broken is not None
            assert run.started == broken[0].broken.until
            repairs += 1
        elif run.broken is not None and run.broken.spell is None and WORLD.causes[run.broken.cause].lasts:
            open_breaks.setdefault(place, []).append(run)
            assert open_breaks[place][0].broken == run.broken
        elif run.broken is None:
            assert place not in open_breaks
    assert repairs > 100


@pytest.mark.parametrize("name", ["outage", "regression", "flaky_test", "open_incident"])
def test_what_is_planted_rules_there_and_then_and_nowhere_else(name: str) -> None:
    """As often as was said, within four standard errors."""
    one = spell(name)
    met = [run for run in RUNS if run.broken is not None and run.broken.cause == one.cause]
    there = [run for run in RUNS if is_there(run, one) and not run.mends]
    others = [run for run in there if run.broken and run.broken.spell not in {None, name}]
    runs = len(there) - len(others)
    assert all(is_there(run, one) and run.broken and run.broken.spell == name for run in met)
    assert abs(len(met) - one.share * runs) <= 4 * math.sqrt(runs * one.share * (1 - one.share))


def test_the_outage_hits_several_repositories_at_once_and_ends() -> None:
    """In a morning of a weekday; not a run of theirs meets it afterwards."""
    outage = spell("outage")
    hit = {run.pipeline.repository for run in RUNS if run.broken and run.broken.spell == "outage"}
    assert outage.since.weekday() < 5
    assert len(hit) >= 3
    assert outage.until is not None
    assert any(run.started > outage.until and run.pipeline.operation in outage.operations for run in RUNS)


@pytest.mark.parametrize("days", range(7, 40))
def test_what_is_planted_fits_into_any_span(days: int) -> None:
    """Whatever weekday it ends on: begun and, where it has an end, over."""
    since = UNTIL - timedelta(days=days)
    for one in plan_spells(since, UNTIL):
        assert since <= one.since < UNTIL
        assert one.until is None or one.until < UNTIL
    assert plan_spells(since, UNTIL)[0].since.weekday() < 5


def test_only_feature_branches_see_changes_dropped() -> None:
    """The main branch is always mended."""
    assert {run.branch.partition("/")[0] for run in RUNS if run.drops} == {"feature"}
    assert {run.branch.partition("/")[0] for run in RUNS} == {"feature", "main"}
