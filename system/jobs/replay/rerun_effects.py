"""What added and saved re-runs bring and cost, from what was seen; what was never seen is only bounded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from ....core.types import Chance
from ....outcomes import Observed
from .changes import Changes, RerunKey
from .rates import Rates
from .ruling import Rerun


def describe_added(added: Counter[RerunKey], strategy: str, observed: Observed, rates: Rates) -> dict[str, Any]:
    """Return the added re-runs of one strategy, what they cost, and how many would succeed."""
    keys = _pick(added, strategy)
    causes: Counter[tuple[str | None, Rerun]] = Counter()
    for key, count in keys.items():
        causes[key.fingerprint, key.rerun] += count
    chances = [(find_chance(observed, *cause), count) for cause, count in causes.items()]
    seen = [(chance, count) for chance, count in chances if chance is not None]
    unseen = sum(count for chance, count in chances if chance is None)
    low, high = (sum(getattr(chance, end) * count for chance, count in seen) for end in ("low", "high"))
    expected = sum(chance.mean * count for chance, count in seen)
    return {
        "decisions": keys.total(),
        "minutes": rates.minutes(_by_operation(keys)),
        "observed": keys.total() - unseen,
        "expected_successes": round(expected, 1) if seen else None,
        "not_observed": unseen,
        "successes_low": round(low, 1),
        "successes_high": round(high + unseen, 1),
    }


def describe_saved(changes: Changes, strategy: str, rates: Rates) -> dict[str, Any]:
    """Return the saved re-runs of one strategy, what they cost, and how many were seen to succeed, which are lost.

    ``minutes`` are those of the re-runs that really ran, ``minutes_high`` those of all.
    """
    keys, seen = _pick(changes.saved, strategy), _pick(changes.saved_seen, strategy)
    return {
        "decisions": keys.total(),
        "minutes": rates.minutes(_by_operation(seen)),
        "minutes_high": rates.minutes(_by_operation(keys)),
        "observed": seen.total(),
        "lost_successes": changes.saved_passed[strategy],
        "not_observed": keys.total() - seen.total(),
    }


def find_chance(observed: Observed, fingerprint: str | None, rerun: Rerun) -> Chance | None:
    """Return the chance of a re-run of this kind; None where it was never tried on this fingerprint."""
    if rerun.strategy == "recover" and rerun.recipe is None:
        return None
    return observed.chance(fingerprint, rerun.recipe)


def _pick(reruns: Counter[RerunKey], strategy: str) -> Counter[RerunKey]:
    return Counter({key: count for key, count in reruns.items() if key.rerun.strategy == strategy})


def _by_operation(reruns: Mapping[RerunKey, int]) -> Counter[str | None]:
    calls: Counter[str | None] = Counter()
    for key, count in reruns.items():
        calls[key.operation] += count
    return calls
