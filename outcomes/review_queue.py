"""Which causes a person's answer would help most with: expected cost x uncertainty x frequency."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from ..core.clock import utc_now
from ..core.types import TypeProbability
from .cause_opinions import CauseOpinion, ask_opinions
from .evidence import ENOUGH_FAILED, NOISE
from .excerpts import excerpt_text
from .reader import ask
from .review_costs import ENVIRONMENT_FACTORS, SEVERITY_MINUTES, UNKNOWN_MINUTES
from .store import Store
from .times import from_naive_utc, to_naive_utc

HALF_LIFE_DAYS: Final = 30.0
"""After how many days a failure counts half in the frequency."""
ABSTAINED_DOUBT: Final = 0.5
"""Least doubt in a decision that was unsure of itself: the model's confidence is not taken at more than a coin's."""
IMPORT_SURENESS: Final = 0.8
"""How sure an imported label is taken to be; so that people are asked first about what nobody ever looked at."""
DISPUTED_DOUBT: Final = 0.5
"""Doubt that is added where standing labels name another type than the decision, or several."""


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """Hold one cause on which no person's opinion stands, with one failure to show and why it is asked about."""

    id: str
    """The failure to show: the newest one that was decided, otherwise the newest one."""
    fingerprint: str | None
    """None for a failure that stands for itself alone."""
    count: int
    first_seen: datetime
    last_seen: datetime
    type: str | None
    """As decided; None where nothing was decided."""
    confidence: float | None
    severity: str | None
    retryable: bool | None
    abstained: str | None
    alternatives: tuple[TypeProbability, ...]
    evidence: tuple[str, ...]
    excerpt: str
    """Lines of the log, as hostile as they came."""
    opinions: tuple[CauseOpinion, ...]
    """Standing labels, none of them a person's."""
    retries: int
    """Unchanged re-runs seen."""
    retry_successes: int
    cost: float
    """Minutes that one failure of this cause is taken to cost; ``review_costs`` has the tables."""
    uncertainty: float
    """0 to 1."""
    frequency: float
    """log2(1 + failures), each counting half as much every ``HALF_LIFE_DAYS``."""
    priority: float
    """cost x uncertainty x frequency, in minutes."""
    reasons: tuple[str, ...]
    """Why it stands where it does."""


def load_review_queue(store: Store, *, limit: int = 20, now: datetime | None = None) -> list[ReviewItem]:
    """Return the ``limit`` causes that are most worth asking about, best first, ties by fingerprint or id.

    - cost [minutes] = mean environment factor x (minutes by severity + mean minutes that failed calls ran, where known)
    - uncertainty = 1 - sureness x (1 - disputed) x (1 - contradicted). Sureness is the decision's confidence, at most
      1 - ``ABSTAINED_DOUBT`` where it was unsure, and 0 where nothing was decided; with an imported label that nothing
      speaks against it is at least ``IMPORT_SURENESS``. Disputed is ``DISPUTED_DOUBT`` where labels and decision name
      several types. Contradicted is ``evidence.belief`` of the re-runs where they speak against the decision: some
      passed although none should help, or ``ENOUGH_FAILED`` or more all failed although one should.
    - frequency = log2(1 + sum of 0.5^(age / ``HALF_LIFE_DAYS``)): ten times as frequent is not ten times as urgent
    """
    if not store.exists():
        return []
    with store.reading() as session:
        rows = ask(session, "review_queue", _parameters(limit, now or utc_now()))
        opinions = ask_opinions(session, [row["cause"] for row in rows])
    return [_item(row, opinions.get(row["cause"], ())) for row in rows]


def _parameters(limit: int, now: datetime) -> dict[str, Any]:
    return {
        "size": limit,
        "now": to_naive_utc(now),
        "half_life": HALF_LIFE_DAYS,
        "severities": list(SEVERITY_MINUTES),
        "severity_minutes": list(SEVERITY_MINUTES.values()),
        "unknown_minutes": UNKNOWN_MINUTES,
        "environments": list(ENVIRONMENT_FACTORS),
        "environment_factors": list(ENVIRONMENT_FACTORS.values()),
        "abstained_doubt": ABSTAINED_DOUBT,
        "disputed_doubt": DISPUTED_DOUBT,
        "import_sureness": IMPORT_SURENESS,
        "noise": NOISE,
        "enough_tries": ENOUGH_FAILED,
    }


def _item(row: Mapping[str, Any], opinions: tuple[CauseOpinion, ...]) -> ReviewItem:
    document = json.loads(row["document"] or "{}")
    evidence = tuple(document.get("evidence", ()))
    same = ("id", "fingerprint", "type", "confidence", "severity", "retryable", "abstained", "priority")
    return ReviewItem(
        **{name: row[name] for name in same},
        count=row["failures"],
        first_seen=from_naive_utc(row["first_seen"]),
        last_seen=from_naive_utc(row["last_seen"]),
        alternatives=tuple(
            TypeProbability(one["type"], one["probability"]) for one in document.get("alternatives", ())
        ),
        evidence=evidence,
        excerpt=excerpt_text(row["text"], evidence),
        opinions=opinions,
        retries=int(row["tries"]),
        retry_successes=int(row["passed"]),
        cost=float(row["cost"]),
        uncertainty=float(row["uncertainty"]),
        frequency=float(row["frequency"]),
        reasons=tuple(_reasons(row, opinions)),
    )


def _reasons(row: Mapping[str, Any], opinions: tuple[CauseOpinion, ...]) -> list[str]:
    reasons = [f"seen {row['failures']} time{'s' if row['failures'] != 1 else ''}", _describe_cost(row)]
    if row["type"] is None:
        reasons.append("nothing was decided")
    elif row["abstained"]:
        reasons.append(f"the decision was unsure ({row['abstained']})")
    else:
        reasons.append(f"the decision has a confidence of {100 * row['confidence']:.0f} %")
    if row["disputed"]:
        said = ", ".join(f"{opinion.voice} says {opinion.type}" for opinion in opinions)
        reasons.append(f"the labels do not agree: {said}; decided was {row['type'] or 'nothing'}")
    elif opinions:
        reasons.append(f"{opinions[0].voice} says {opinions[0].type}")
    if row["contradiction"]:
        should = "should help" if row["retryable"] else "should not help"
        reasons.append(f"a re-run {should}, but {row['passed']:.0f} of {row['tries']} passed")
    return reasons


def _describe_cost(row: Mapping[str, Any]) -> str:
    severity = f"severity {row['severity']}" if row["severity"] else "no severity known"
    place = f" in {row['environment']}" if row["environment"] else ""
    lost = f", failed calls ran {row['lost_minutes']:.1f} minutes" if row["lost_minutes"] is not None else ""
    return f"about {row['cost']:.0f} minutes each ({severity}{place}{lost})"
