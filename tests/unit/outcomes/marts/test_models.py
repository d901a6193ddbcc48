"""How right decisions were, and where opinions differ."""

from __future__ import annotations

import pytest
from support.happenings import START, Scene, at, decide

from errclass.core.types import Label


def judge(scene: Scene, name: str, kind: str, confidence: float, label: Label | None, **fields: object) -> None:
    """Record a decision and what somebody said it was."""
    decision = decide(kind, confidence=confidence, **fields)
    scene.fail(name, 0, decision=decision, labels=(label,) if label else ())


def judge_some(scene: Scene) -> None:
    """Four that a person or an import labelled, and three that nobody did or that count for nothing."""
    judge(scene, "right", "build", 0.92, Label("build", "human"))
    judge(scene, "sure", "build", 1.0, Label("build", "import"))
    judge(scene, "wrong", "build", 0.95, Label("test", "human"), abstained="novel")
    judge(scene, "older", "test", 0.25, Label("test", "human"), model_version="m0", strategy="retry")
    judge(scene, "unlabelled", "build", 0.95, None)
    judge(scene, "weak", "build", 0.95, Label("test", "weak"))
    scene.fail("undecided", 0, labels=(Label("test", "human"),))


def test_confidence_beside_accuracy(scene: Scene) -> None:
    """By model and tenth; full confidence is in the last tenth."""
    judge_some(scene)
    columns = ("model_version", "bin", "failures", "abstained", "correct", "mean_confidence", "accuracy")
    assert [("m0", 2, 1, 0, 1, 0.25, 1.0), ("m1", 9, 3, 1, 2, pytest.approx(2.87 / 3), pytest.approx(2 / 3))] == [
        *scene.read("model_calibration", *columns)
    ]


def test_what_is_taken_for_what(scene: Scene) -> None:
    """By model, and whether it was sure."""
    judge_some(scene)
    columns = ("model_version", "decided_type", "label_type", "abstained", "failures")
    assert [
        ("m0", "test", "test", False, 1),
        ("m1", "build", "build", False, 2),
        ("m1", "build", "test", True, 1),
    ] == scene.read("model_confusion", *columns)


@pytest.mark.parametrize("mart", ["model_calibration", "model_confusion"])
def test_models_in_a_window(waiting: Scene, mart: str) -> None:
    """By when it failed."""
    judge_some(waiting)
    assert [] == waiting.read(mart, "failures", since=at(1))
    assert 4 == sum(row[0] for row in waiting.read(mart, "failures", since=at(0)))


def test_decisions_by_day(scene: Scene) -> None:
    """Sums, so that days add up."""
    judge_some(scene)
    columns = (
        "day", "model_version", "rules_revision", "strategy", "decisions", "abstained", "confidence_sum", "labelled",
        "correct",
    )  # fmt: skip
    assert [
        (START.date(), "m0", "r1", "retry", 1, 0, 0.25, 1, 1),
        (START.date(), "m1", "r1", "notify", 5, 1, pytest.approx(4.77), 3, 2),
    ] == scene.read("daily_decisions", *columns)


def say(scene: Scene, name: str, kind: str, source: str, author: str | None, minutes: float, **fields: bool) -> None:
    """Add an opinion at a time."""
    scene.store._clock = lambda: at(minutes)
    scene.store.label(name, kind, source, author=author, **fields)  # type: ignore[arg-type]


WHO = (
    "failure_id", "winning_type", "winning_source", "winning_author", "other_type", "other_source", "other_author",
    "other_spread",
)  # fmt: skip


def test_sources_and_people_disagree(scene: Scene) -> None:
    """Each overruled opinion is a row; the same opinion of two is none."""
    scene.fail("a", 0, labels=(Label("build", "import", author="file"), Label("test", "weak")))
    say(scene, "a", "network", "human", "ann", 1)
    say(scene, "a", "test", "human", "bob", 2)
    assert [
        ("a", "test", "human", "bob", "build", "import", "file", False),
        ("a", "test", "human", "bob", "network", "human", "ann", False),
    ] == scene.read("label_disagreements", *WHO)


def test_who_changes_their_mind_does_not_disagree(waiting: Scene) -> None:
    """Named or not."""
    for name, author in (("a", "ann"), ("b", None)):
        waiting.fail(name, 0)
        say(waiting, name, "network", "human", author, 1)
        say(waiting, name, "test", "human", author, 2)
    assert [] == waiting.read("label_disagreements", *WHO)


def test_an_opinion_that_was_taken_back_disagrees_no_more(waiting: Scene) -> None:
    """Whoever took it back."""
    waiting.fail("a", 0, labels=(Label("build", "import"),))
    label = waiting.store.label("a", "network")
    waiting.store.undo_label(label)
    assert [] == waiting.read("label_disagreements", *WHO)


def test_an_opinion_that_spread_may_be_overruled(waiting: Scene) -> None:
    """By one on the failure itself."""
    for name in "ab":
        waiting.fail(name, 0, fingerprint="0123456789abcdef")
    say(waiting, "a", "network", "human", "ann", 2, spreads=True)
    say(waiting, "b", "test", "human", "bob", 1)
    assert [("b", "test", "human", "bob", "network", "human", "ann", True)] == waiting.read("label_disagreements", *WHO)
