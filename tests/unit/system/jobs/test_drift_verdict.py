"""When it is time to train again, and when it is not."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from errclass.system.jobs.drift_verdict import BEFORE, NO, TRAINING, UNKNOWABLE, YES, DriftLimits, judge_drift

QUIET: dict[str, Any] = {
    "reference": BEFORE,
    "outcomes": {"recent": 100, "before": 300},
    "unseen": {"recent": 0.2, "before": 0.2},
    "types": {"distance": 0.05, "p_value": 0.6},
    "answers": {
        "recent": {"decided": 100, "confidence": 0.8, "abstained": 0.1},
        "before": {"decided": 300, "confidence": 0.8, "abstained": 0.1},
    },
    "labelled": {
        "recent": {"cases": 40, "accuracy": 0.9, "calibration_error": 0.05},
        "before": {"cases": 40, "accuracy": 0.9, "calibration_error": 0.05},
    },
}


def judge(*changes: tuple[str, Any]) -> tuple[str, list[str]]:
    """The verdict on the quiet figures, changed at these places."""
    figures = deepcopy(QUIET)
    for path, value in changes:
        *groups, last = path.split(".")
        place = figures
        for group in groups:
            place = place[group]
        place[last] = value
    return judge_drift(figures, DriftLimits())


def test_nothing_moved() -> None:
    """The usual case."""
    assert NO == judge()[0]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ([("unseen.recent", 0.3), ("unseen.before", 0.2)], "never seen before"),
        ([("types.distance", 0.15), ("types.p_value", 0.009)], "of another type"),
        ([("answers.recent.confidence", 0.7)], "mean confidence fell from 0.80 to 0.70"),
        ([("answers.recent.abstained", 0.2)], "in doubt"),
        ([("labelled.recent.calibration_error", 0.1)], "10 points apart"),
        ([("labelled.recent.accuracy", 0.85)], "accuracy on labelled causes fell"),
        ([("labelled.recent.calibration_error", 0.3), ("labelled.before.cases", 0)], "30 points apart"),
        ([("reference", TRAINING), ("unseen.recent", 0.9), ("unseen.before", 0.0)], "never seen before"),
    ],
)
def test_one_reason_is_enough(changes: list[tuple[str, Any]], words: str) -> None:
    """And it is the only one told."""
    verdict, (reason,) = judge(*changes)
    assert (YES, True) == (verdict, words in reason)


def test_all_reasons_are_told() -> None:
    """In the order of the figures."""
    _, reasons = judge(
        ("unseen.recent", 0.9), ("types.distance", 0.5), ("types.p_value", 0.001), ("labelled.recent.accuracy", 0.2)
    )
    assert 3 == len(reasons)


@pytest.mark.parametrize(
    "changes",
    [
        [("unseen.recent", 0.29), ("unseen.before", 0.0)],  # new causes are part of life
        [("unseen.recent", 0.6), ("unseen.before", 0.55)],  # they always were as many
        [("unseen.recent", 0.6), ("unseen.before", None)],  # or nobody knows how many they were
        [("unseen.recent", None)],
        [("types.distance", 0.5), ("types.p_value", 0.02)],  # few causes: that may be chance
        [("types.distance", 0.1), ("types.p_value", 0.0005)],  # many causes: small things are significant
        [("types.distance", 0.9), ("types.p_value", 0.0005), ("reference", TRAINING)],
        [("answers.recent.confidence", 0.71)],
        [("answers.recent.confidence", 0.95)],
        [("answers.recent.confidence", 0.1), ("answers.before.decided", 49)],
        [("answers.recent.confidence", None), ("answers.recent.decided", 0)],
        [("labelled.recent.accuracy", 0.86)],
        [("labelled.recent.accuracy", 0.1), ("labelled.before.cases", 29)],
        [("labelled.recent.calibration_error", 0.9), ("labelled.recent.cases", 29)],
        [("labelled.recent.cases", 0), ("labelled.recent.accuracy", None)],
    ],
)
def test_what_is_no_reason(changes: list[tuple[str, Any]]) -> None:
    """Too small, too few, or always so."""
    assert NO == judge(*changes)[0]


@pytest.mark.parametrize(
    "changes",
    [
        [("outcomes.recent", 49), ("unseen.recent", 1.0)],
        [("reference", TRAINING), ("unseen.before", None), ("labelled.recent.cases", 3)],
        [("reference", None), ("unseen.before", None), ("labelled.recent.cases", 3)],
    ],
)
def test_too_little_is_no_verdict(changes: list[tuple[str, Any]]) -> None:
    """Neither yes nor no."""
    assert UNKNOWABLE == judge(*changes)[0]
