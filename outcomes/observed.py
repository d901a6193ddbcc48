"""What re-runs and recoveries were seen to bring, and how long calls take: what a replay may go by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ..core.types import Chance
from .chances import Level, estimate_chance
from .mart_sessions import open_marts
from .reader import ask
from .store import Store
from .times import to_naive_utc

Counts = tuple[int, int]
"""Tries and successes."""
Key = tuple[Level, str | None, str | None]
"""Level, name of the group, recovery recipe; None for the recipe: an unchanged re-run."""


@dataclass(frozen=True, slots=True)
class Observed:
    """Answer what was seen of a cause, of one failure, and of calls."""

    counts: Mapping[Key, Counts] = field(default_factory=dict)
    kin: Mapping[str, tuple[str | None, str | None]] = field(default_factory=dict)
    """Fingerprint -> its type and category."""
    ends: Mapping[tuple[str, str | None], bool] = field(default_factory=dict)
    """Failure and recipe -> whether a re-run of it succeeded."""
    seconds: Mapping[str | None, tuple[int, float]] = field(default_factory=dict)
    """Operation -> calls that say how long they took, and seconds in all."""

    def chance(self, fingerprint: str | None, recovery: str | None) -> Chance | None:
        """Return the chance of a re-run, unchanged or after a recovery; None where none was seen of this cause."""
        if fingerprint is None or ("fingerprint", fingerprint, recovery) not in self.counts:
            return None
        kind, category = self.kin[fingerprint]
        names: Mapping[Level, str | None] = {"fingerprint": fingerprint, "type": kind, "category": category}
        return estimate_chance(
            {level: self.counts.get((level, name, recovery), (0, 0)) for level, name in names.items()}
        )

    def call_seconds(self, operation: str | None) -> float | None:
        """Return how long a call of the operation takes on average, else one of any; None where no call tells."""
        known = [self.seconds[operation]] if operation in self.seconds else self.seconds.values()
        calls = sum(calls for calls, _ in known)
        return sum(seconds for _, seconds in known) / calls if calls else None


def load_observed(store: Store, since: datetime) -> Observed:
    """Return what was seen of all causes so far, and how the failures since a moment ended."""
    if not store.exists():
        return Observed()
    with open_marts(store, "retries") as session:
        reruns = ask(session, "rerun_counts")
        ends = ask(session, "rerun_ends", {"from_time": to_naive_utc(since)})
        calls = ask(session, "call_seconds")
    return Observed(
        _sum_groups(reruns),
        _find_kin(reruns),
        {(row["failure_id"], row["recovery"]): row["success"] for row in ends},
        {row["operation"]: (row["calls"], row["seconds"]) for row in calls},
    )


def _sum_groups(rows: Iterable[Mapping[str, Any]]) -> Mapping[Key, Counts]:
    groups: defaultdict[Key, list[int]] = defaultdict(lambda: [0, 0])
    levels: tuple[Level, ...] = ("fingerprint", "type", "category")
    for row in rows:
        for level in levels:
            if row[level] is not None:
                sums = groups[level, row[level], row["recovery"]]
                sums[0] += row["tries"]
                sums[1] += row["successes"]
    return {key: (tries, successes) for key, (tries, successes) in groups.items()}


def _find_kin(rows: Iterable[Mapping[str, Any]]) -> Mapping[str, tuple[str | None, str | None]]:
    """Return what most re-runs of each fingerprint were taken for."""
    most: dict[str, tuple[int, tuple[str | None, str | None]]] = {}
    for row in rows:
        found = (row["tries"], (row["type"], row["category"]))
        if row["fingerprint"] is not None and found[0] > most.get(row["fingerprint"], (0,))[0]:
            most[row["fingerprint"]] = found
    return {name: kin for name, (_, kin) in most.items()}
