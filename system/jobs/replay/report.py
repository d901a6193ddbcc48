"""Put what a replay found into one JSON-ready report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ....core.jsonable import to_jsonable
from ....outcomes import Observed
from .changes import CauseChanges, Changes
from .limits import DECISIONS, REPLAYED
from .rates import Rates
from .replayed import Replayed
from .rerun_effects import describe_added, describe_saved, find_chance
from .ruling import RERUNS

MOST_CAUSES = 20
"""Fingerprints that are listed."""


def describe_replay(replayed: Replayed, rates: Rates) -> dict[str, Any]:
    """Return all figures, JSON-ready."""
    changes = replayed.changes
    reruns = {
        strategy: {
            "added": describe_added(changes.added, strategy, rates.observed, rates),
            "saved": describe_saved(changes, strategy, rates),
        }
        for strategy in RERUNS
    }
    return {
        "decisions": {
            "stored": replayed.decisions,
            "replayed": changes.replayed,
            "same_rules": replayed.same_rules,
            "not_decidable": replayed.not_decidable,
            "lacking": dict(replayed.lacking.most_common()),
            "unreadable": replayed.unreadable,
        },
        "changed": changes.changed,
        "changed_fields": dict(changes.fields.most_common()),
        "matrix": [
            {"before": before, "after": after, "decisions": count}
            for (before, after), count in sorted(changes.matrix.items())
        ],
        "automatic": {
            "newly": changes.newly_automatic.total(),
            "no_longer": changes.no_longer_automatic,
            "actions": dict(changes.newly_automatic.most_common()),
        },
        "people_asked": {"before": changes.asked_before, "after": changes.asked_after},
        "calls_allowed": {"before": changes.calls_before, "after": changes.calls_after},
        "reruns": reruns,
        "minutes": (minutes := _add_minutes(reruns)),
        "money": {name: rates.money(each) for name, each in minutes.items()},
        "causes": _list_causes(changes, rates.observed),
    }


def list_figures(report: dict[str, Any]) -> Mapping[str, float | None]:
    """Return the figures that limits may be on."""
    reruns, people, calls = report["reruns"], report["people_asked"], report["calls_allowed"]
    added, saved = ([reruns[strategy][side] for strategy in RERUNS] for side in ("added", "saved"))
    return {
        "changed": report["changed"],
        "newly_automatic": report["automatic"]["newly"],
        "no_longer_automatic": report["automatic"]["no_longer"],
        "retries_added": reruns["retry"]["added"]["decisions"],
        "retries_saved": reruns["retry"]["saved"]["decisions"],
        "recoveries_added": reruns["recover"]["added"]["decisions"],
        "recoveries_saved": reruns["recover"]["saved"]["decisions"],
        "successes_lost": sum(each["lost_successes"] for each in saved),
        "people_added": people["after"] - people["before"],
        "calls_allowed_added": calls["after"] - calls["before"],
        "minutes_added": report["minutes"]["added"],
        "minutes_saved": report["minutes"]["saved"],
        "not_observed": sum(each["not_observed"] for each in added),
        **{name: report["decisions"][name] for name in ("not_decidable", "unreadable", "replayed")},
    }


def list_bases(report: dict[str, Any]) -> dict[str, int]:
    """Return what percentages are of."""
    return {DECISIONS: report["decisions"]["stored"], REPLAYED: report["decisions"]["replayed"]}


def _add_minutes(reruns: dict[str, Any]) -> dict[str, float | None]:
    return {
        "added": _add_up(reruns, "added", "minutes"),
        "saved": _add_up(reruns, "saved", "minutes"),
        "saved_high": _add_up(reruns, "saved", "minutes_high"),
    }


def _add_up(reruns: dict[str, Any], side: str, name: str) -> float | None:
    each = [reruns[strategy][side][name] for strategy in RERUNS]
    return None if None in each else round(sum(each), 1)


def _list_causes(changes: Changes, observed: Observed) -> list[dict[str, Any]]:
    """Return the fingerprints with most changed decisions, the most first."""
    changed = ((name, cause) for name, cause in changes.causes.items() if cause.changed)
    ordered = sorted(changed, key=lambda pair: (-pair[1].changed, pair[0]))
    return [_describe_cause(name, cause, observed) for name, cause in ordered[:MOST_CAUSES]]


def _describe_cause(fingerprint: str, cause: CauseChanges, observed: Observed) -> dict[str, Any]:
    return {
        "fingerprint": fingerprint,
        "type": cause.type,
        "decisions": cause.decisions,
        "changed": cause.changed,
        "changes": dict(cause.changes.most_common()),
        "added": [
            {"action": str(rerun), "decisions": count, "chance": to_jsonable(find_chance(observed, fingerprint, rerun))}
            for rerun, count in cause.added.most_common()
        ],
    }
