"""Limits on what other rules may change: ``changed>5%``."""

from __future__ import annotations

import difflib
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from ....core.errors import UsageError

DECISIONS, REPLAYED = "stored decisions", "decisions decided anew"
METRICS: Final[Mapping[str, str | None]] = {
    "changed": REPLAYED,
    "newly_automatic": REPLAYED,
    "no_longer_automatic": REPLAYED,
    "retries_added": REPLAYED,
    "retries_saved": REPLAYED,
    "recoveries_added": REPLAYED,
    "recoveries_saved": REPLAYED,
    "successes_lost": REPLAYED,
    "people_added": REPLAYED,
    "calls_allowed_added": None,
    "minutes_added": None,
    "minutes_saved": None,
    "not_observed": REPLAYED,
    "not_decidable": DECISIONS,
    "unreadable": DECISIONS,
    "replayed": DECISIONS,
}
"""What a limit may be on, and what its percentages are of; None: it counts no decisions."""
_EXPRESSION = re.compile(r"\s*([A-Za-z_]+)\s*(>=|<=|>|<|=)\s*([0-9]{1,12}(?:\.[0-9]{1,6})?)\s*(%?)\s*")
_NEVER_TIMED = "no call was ever timed; see --minutes-per-call"
_COMPARISONS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
}


@dataclass(frozen=True, slots=True)
class Limit:
    """Say what a replay fails on."""

    text: str
    metric: str
    comparison: str
    number: float
    percent: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """Say how a replay stands to one limit."""

    limit: str
    value: float | None
    """In the limit's own unit; None where it is not known."""
    crossed: bool
    """Whether the replay went past it; one that cannot be told counts as such."""
    unknown_because: str | None = None


def parse_limit(text: str) -> Limit:
    """Return the limit that ``METRIC OP NUMBER[%]`` says; raise UsageError, naming what there is, for anything else."""
    found = _EXPRESSION.fullmatch(text)
    if not found:
        raise UsageError(f"--fail-if {text!r}: expected METRIC, one of > >= < <= = and a number, such as 'changed>5%'")
    metric, comparison, number, percent = found.groups()
    if metric not in METRICS:
        known = ", ".join(METRICS)
        raise UsageError(f"--fail-if {text!r}: there is no metric {metric!r}{_suggest(metric)}; there are {known}")
    if percent and METRICS[metric] is None:
        raise UsageError(f"--fail-if {text!r}: {metric} counts no decisions and has no percentage; leave the % out")
    return Limit(text.strip(), metric, comparison, float(number), bool(percent))


def check_limit(limit: Limit, figures: Mapping[str, float | None], bases: Mapping[str, int]) -> Checked:
    """Compare a figure with a limit; one that nobody knows, and a percentage of nothing, is past every limit."""
    value = figures[limit.metric]
    if value is None:
        return Checked(limit.text, None, crossed=True, unknown_because=_NEVER_TIMED)
    if limit.percent:
        whole = METRICS[limit.metric] or REPLAYED
        if not bases[whole]:
            reason = f"it is a percentage of the {whole}, and there are none"
            return Checked(limit.text, None, crossed=True, unknown_because=reason)
        value = 100 * value / bases[whole]
    return Checked(limit.text, value, _COMPARISONS[limit.comparison](value, limit.number))


def _suggest(metric: str) -> str:
    nearest = difflib.get_close_matches(metric.lower(), METRICS, n=1)
    return f"; did you mean {nearest[0]}?" if nearest else ""
