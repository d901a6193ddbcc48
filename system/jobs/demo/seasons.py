"""When the made-up company works: most in the hours of work, little at night and on weekends."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

RUNS_PER_WEEK = 300
"""Runs that begin, on the average; re-runs come on top."""
WORK_HOURS = range(8, 18)
"""Hours in UTC."""
_HOURS = (0.3,) * 6 + (0.8, 1.5) + (3.0,) * 4 + (2.0,) + (3.2,) * 5 + (1.2,) * 3 + (0.5,) * 3
"""Load of each hour of a weekday, relative."""
_WEEKEND = 0.2
"""Load of a weekend, against the same hour of a weekday."""
_WEEK = sum(_HOURS) * (5 + 2 * _WEEKEND)


def load_at(moment: datetime) -> float:
    """Return the load of that hour, relative."""
    return _HOURS[moment.hour] * (1.0 if moment.weekday() < 5 else _WEEKEND)


def work_share() -> float:
    """Return the share of all runs of a week that begin in hours of work."""
    return 5 * sum(_HOURS[hour] for hour in WORK_HOURS) / _WEEK


def draw_starts(chance: random.Random, since: datetime, until: datetime) -> Iterator[datetime]:
    """Yield when runs begin: a Poisson process with the load as its rate, drawn by thinning."""
    busiest = max(_HOURS)
    per_second = RUNS_PER_WEEK * busiest / _WEEK / 3600
    moment = since
    while True:
        moment += timedelta(seconds=round(chance.expovariate(per_second), 3))
        if moment >= until:
            return
        if chance.random() < load_at(moment) / busiest:
            yield moment
