"""Say whether failures, or the answers to them, have changed so much that the model should be trained again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from ...classify.artefact import read_manifest
from ...classify.memory import Memory, name_cause, read_memory
from ...classify.shift import judge_shift, measure_shift
from ...core.clock import utc_now
from ...core.durations import parse_duration
from ...outcomes import Place, Store, Window, read_window
from ..settings import Settings
from ..wiring import find_model_folder, open_store
from .drift_verdict import BEFORE, TRAINING, DriftLimits, judge_drift

_MOST_MOVES = 10


@dataclass(frozen=True, slots=True)
class Compared:
    """Hold both windows, and what the model was trained on, which stands in where there was no time before."""

    recent: Window
    before: Window
    previous: Window | None
    """The newer part of the time before, with something before itself; None where there is none."""
    training: Mapping[str, Any]
    memory: Memory
    limits: DriftLimits

    @property
    def reference(self) -> str | None:
        """What the recent window is compared with; None where there is nothing."""
        if self.before.outcomes >= self.limits.minimum_outcomes:
            return BEFORE
        return TRAINING if self.training.get("by_type") else None


def measure_drift(
    settings: Settings,
    since: str,
    *,
    limits: DriftLimits | None = None,
    clock: Callable[[], datetime] = utc_now,
) -> dict[str, Any]:
    """Compare the last ``since`` (such as ``30d``) with the time before, and return the report, JSON-ready.

    Raises UsageError when ``since`` is no span of time.
    """
    span, now = parse_duration(since), clock()
    folder = find_model_folder(settings)
    manifest, memory = read_manifest(folder), read_memory(folder)
    training = manifest.get("training")
    with open_store(settings) as store:
        windows = _read_windows(store, now - span, span)
    found = Compared(*windows, training if isinstance(training, dict) else {}, memory, limits or DriftLimits())
    return {
        "since": since,
        "start": (now - span).isoformat(timespec="seconds"),
        "end": now.isoformat(timespec="seconds"),
        "model": manifest.get("version"),
        **describe_drift(found),
    }


def describe_drift(found: Compared) -> dict[str, Any]:
    """Return all figures and the verdict on them, JSON-ready."""
    figures = {
        "reference": found.reference,
        "outcomes": {"recent": found.recent.outcomes, "before": found.before.outcomes},
        "unseen": _describe_unseen(found),
        "types": _describe_types(found),
        "answers": {"recent": _describe_answers(found.recent), "before": _describe_answers(found.before)},
        "labelled": {"recent": _describe_judged(found.recent), "before": _describe_judged(found.before)},
        "moves": _list_moves(found),
    }
    retrain, reasons = judge_drift(figures, found.limits)
    return {**figures, "retrain": retrain, "reasons": reasons, "limits": asdict(found.limits)}


def _read_windows(store: Store, start: datetime, span: timedelta) -> tuple[Window, Window, Window | None]:
    """Return what was since ``start``, before it, and in the newer part of that: a span as long, or half of it."""
    if not store.exists():
        return _NOTHING, _NOTHING, None
    recent, before = read_window(store, start, None), read_window(store, None, start)
    if before.first is None:
        return recent, before, None
    middle = before.first + (start - before.first) / 2
    previous = start - span if before.first < start - span else middle
    return recent, before, read_window(store, previous, start)


def _describe_unseen(found: Compared) -> dict[str, Any]:
    """Return the shares of outcomes with a fingerprint that was new to the store; new to the model without a before."""
    recent, previous = found.recent, found.previous
    unseen, before = recent.unseen, _share(previous.unseen, previous.fingerprinted) if previous else None
    if found.reference == TRAINING:
        known = found.memory.learned
        unseen = sum(count for name, count in recent.fingerprints.items() if name_cause(name) not in known)
        before = 0.0 if known else None  # what it learned it has seen; it may have learned nothing of its user's
    return {
        "recent": _share(unseen, recent.fingerprinted),
        "before": before,
        "recent_outcomes": unseen,
        "of": recent.fingerprinted,
    }


def _describe_types(found: Compared) -> dict[str, Any]:
    recent = found.recent.types
    before = found.training.get("by_type", {}) if found.reference == TRAINING else found.before.types
    sizes = sum(recent.values()), sum(before.values())
    return {
        "distance": round(measure_shift(recent, before), 4),
        "p_value": round(judge_shift(recent, before), 4),
        "types": [
            {
                "type": kind,
                "recent": recent.get(kind, 0),
                "before": before.get(kind, 0),
                "points": _points(_share(recent.get(kind, 0), sizes[0]), _share(before.get(kind, 0), sizes[1])),
            }
            for kind in sorted(recent.keys() | before.keys())
        ],
    }


def _describe_answers(window: Window) -> dict[str, Any]:
    return {
        "decided": window.decided,
        "confidence": None if window.confidence is None else round(window.confidence, 4),
        "abstained": _share(window.abstained, window.decided),
        "retried": window.retried,
        "retried_well": _share(window.retried_well, window.retried),
    }


def _describe_judged(window: Window) -> dict[str, Any]:
    """Return how right the answers are on labelled cases, and how well their confidence says so."""
    import numpy as np

    from ...classify.calibration import expected_calibration_error

    if not window.judged:
        return {"cases": 0, "accuracy": None, "calibration_error": None}
    confidences, right = (np.asarray(column) for column in zip(*window.judged, strict=True))
    return {
        "cases": len(right),
        "accuracy": round(float(right.mean()), 4),
        "calibration_error": round(expected_calibration_error(confidences, right), 4),
    }


def _list_moves(found: Compared) -> list[dict[str, Any]]:
    """Return the places whose share of the outcomes changed most; empty where there was no time before."""
    if found.reference != BEFORE:
        return []
    moves = [_describe_move(place, found) for place in found.recent.places.keys() | found.before.places.keys()]
    ordered = sorted(moves, key=lambda move: (-abs(move["points"]), move["kind"], move["name"]))
    return [move for move in ordered if move["points"]][:_MOST_MOVES]


def _describe_move(place: Place, found: Compared) -> dict[str, Any]:
    recent, before = (window.places.get(place, 0) for window in (found.recent, found.before))
    points = _points(_share(recent, found.recent.outcomes), _share(before, found.before.outcomes))
    return {"kind": place.kind, "name": place.name, "recent": recent, "before": before, "points": points}


def _points(recent: float | None, before: float | None) -> float:
    return round(100 * ((recent or 0.0) - (before or 0.0)), 1)


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


_NOTHING = Window(0, None, {}, 0, {}, 0, None, 0, 0, 0, (), {})
