"""How likely a re-run helps: a Beta posterior that backs off from the fingerprint to its type and its category."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from ..core.beta import beta_quantile
from ..core.types import Chance, RecoveryChance
from .tallies import NOTHING, Tally

Level = Literal["fingerprint", "type", "category"]
LEVELS: Final[tuple[Level, ...]] = ("category", "type", "fingerprint")
"""Widest first."""
PRIOR_TRIES = 4.0
"""How many observations of its own a group needs to count as much as the wider group that it belongs to."""
_LEAST = 0.5
"""Prior successes and failures at least, as in Jeffreys' prior: a cause may be otherwise than all of its type."""
_SHARE = 0.95


def estimate_chance(counts: Mapping[Level, tuple[int, int]]) -> Chance | None:
    """Return the posterior from (tries, successes) per level; None when nothing was observed on any.

    The widest level starts from the uniform Beta(1, 1). Each narrower one takes the mean of the wider one as its prior,
    worth ``PRIOR_TRIES`` observations; what the narrower level observed is taken out of the wider one first, so that
    nothing counts twice, and a level that observed nothing more passes its prior on.
    """
    known = [level for level in LEVELS if counts.get(level, (0, 0))[0] > 0]
    if not known:
        return None
    successes, failures = 1.0, 1.0
    for level, narrower in zip(LEVELS, (*LEVELS[1:], None), strict=True):
        passed, failed = _beyond(counts.get(level, (0, 0)), counts.get(narrower, (0, 0)) if narrower else (0, 0))
        successes, failures = successes + passed, failures + failed
        if level == known[-1]:
            break
        if passed + failed:
            mean = successes / (successes + failures)
            successes, failures = max(PRIOR_TRIES * mean, _LEAST), max(PRIOR_TRIES * (1 - mean), _LEAST)
    return _describe(known[-1], counts, successes, failures)


def _beyond(wide: tuple[int, int], narrow: tuple[int, int]) -> tuple[int, int]:
    """Return successes and failures of the wide level that are not the narrow one's."""
    tries, passed = wide
    narrow_tries, narrow_passed = narrow
    return max(passed - narrow_passed, 0), max(tries - passed - (narrow_tries - narrow_passed), 0)


def retry_chance(groups: Mapping[str, Tally]) -> Chance | None:
    """Return the chance of an unchanged re-run."""
    return estimate_chance({level: _retries(groups.get(level, NOTHING)) for level in LEVELS})


def recovery_chances(groups: Mapping[str, Tally]) -> tuple[RecoveryChance, ...]:
    """Return the chance of each recovery that was ever tried for the fingerprint, type or category, best first."""
    names = sorted({name for level in LEVELS for name in groups.get(level, NOTHING).recoveries})
    found = []
    for name in names:
        counts = {level: groups.get(level, NOTHING).recoveries.get(name, (0, 0)) for level in LEVELS}
        chance = estimate_chance(counts)
        if chance is not None:
            found.append(RecoveryChance(name, chance))
    return tuple(sorted(found, key=lambda one: -one.chance.mean))


def _retries(tally: Tally) -> tuple[int, int]:
    return tally.retries, tally.retry_successes


def _describe(level: Level, counts: Mapping[Level, tuple[int, int]], successes: float, failures: float) -> Chance:
    tail = (1 - _SHARE) / 2
    tries, passed = counts[level]
    return Chance(
        mean=round(successes / (successes + failures), 4),
        low=round(beta_quantile(tail, successes, failures), 4),
        high=round(beta_quantile(1 - tail, successes, failures), 4),
        tries=tries,
        successes=passed,
        level=level,
    )
