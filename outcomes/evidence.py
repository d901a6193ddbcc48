"""What unchanged re-runs tell of causes that nobody labelled: derived anew each time, never stored."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from ..core.types import Example
from .reader import ask
from .store import Store
from .times import to_naive_utc
from .weights import SOURCE_WEIGHTS

NOISE: Final = 0.32
"""How often one passed re-run misleads: at TELUS, taking "a re-run passed" as the label was wrong for 32 % of
intermittent failures. That failed re-runs mislead as often is an assumption; nobody has measured it."""
ENOUGH_FAILED: Final = 3
"""Re-runs that must have failed, and none passed, before they say that a re-run does not help."""
_EVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Hold what the re-runs of one cause say, where that agrees with what was decided."""

    fingerprint: str
    example: Example
    """The newest case, its type as decided; source ``outcome``."""


def load_evidence(store: Store, transient: AbstractSet[str], *, until: datetime | None = None) -> list[Evidence]:
    """Return what re-runs say of the causes on which no label of a person, an import or an outcome stands.

    ``transient`` are the types that usually pass by themselves. A cause decided to be one of them, of which an
    unchanged re-run passed, is an example of its type that a re-run helps; any other type, of which ``ENOUGH_FAILED``
    re-runs or more failed and none passed, is one that a re-run does not help. The weight is that of the source times
    ``belief(n)``, with n the passes, or the failed re-runs from ``ENOUGH_FAILED`` on. Re-runs that contradict the
    decision label nothing, for they do not say what it was instead: they raise the cause in the review queue. Nor does
    a decision that was unsure of its type become an example. ``until`` is that of ``load_training_set``.
    """
    if not store.exists():
        return []
    with store.reading() as session:
        rows = ask(session, "rerun_evidence", {"until": to_naive_utc(until or _EVER)})
    found = (_weigh(row, helped=row["type"] in transient) for row in rows if row["abstained"] is None)
    return [one for one in found if one is not None]


def belief(observations: int) -> float:
    """Return the probability that not all of so many re-runs misled: 1 - NOISE^n, 0.68 for one and never above 1.

    The re-runs are taken to mislead independently of each other.
    """
    return 1.0 - NOISE**observations


def _weigh(row: Mapping[str, Any], *, helped: bool) -> Evidence | None:
    observations = row["passed"] if helped else _failed_in_vain(row["tries"], row["passed"])
    if observations < 1:
        return None
    weight = SOURCE_WEIGHTS["outcome"] * belief(int(observations))
    return Evidence(row["fingerprint"], Example(row["text"], row["type"], helped, weight, row["tool"], "outcome"))


def _failed_in_vain(tries: int, passed: int) -> int:
    return 0 if passed else tries - ENOUGH_FAILED + 1
