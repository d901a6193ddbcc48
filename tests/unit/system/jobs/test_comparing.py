"""Two models are compared on what neither of them learned."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, cast

import pytest

from errclass.classify.bundled import SOURCES
from errclass.classify.memory import Memory, name_text, remember
from errclass.classify.training import signals_of
from errclass.core.types import Example, Prediction, Signals, TypeProbability
from errclass.system.jobs import comparing
from errclass.system.jobs.comparing import Contender, judge_contenders, knows_bundled
from errclass.system.jobs.judged_texts import JudgedText, JudgedTexts
from errclass.system.settings import PromotionSettings

LIMITS = PromotionSettings(minimum_examples=2)
WORDS = ["alpha", "bravo", "charlie", "delta", "echo", "foxtrot"]


def answer(kind: str) -> Prediction:
    other = "test" if kind == "network" else "network"
    return Prediction((TypeProbability(kind, 0.8), TypeProbability(other, 0.2)))


class Constant:
    """Always give the same answer, and count what it was asked."""

    def __init__(self, kind: str) -> None:
        self.kind, self.asked = kind, 0

    def predict_many(self, signals: Sequence[Signals]) -> list[Prediction]:
        self.asked += len(signals)
        return [answer(self.kind) for _ in signals]


def contender(kind: str, memory: Memory | None = None, *, bundled: bool = False) -> Contender:
    return Contender(f"{kind}-1", cast(Any, Constant(kind)), memory or Memory(), bundled)


def judged() -> JudgedTexts:
    """Six texts, by turns of two types."""
    texts = []
    for number, word in enumerate(WORDS):
        signals = signals_of(f"the {word} gizmo broke down")
        keys = name_text(f"the {word} gizmo broke down", f"{word:0>16}")
        texts.append(JudgedText(("network", "test")[number % 2], signals, keys))
    return JudgedTexts("here", tuple(texts))


def test_models_that_learned_nothing_of_it_answer_themselves() -> None:
    """All texts count."""
    found = judge_contenders(contender("network"), contender("test"), judged(), LIMITS)
    assert found.comparison is not None
    assert (6, 0, 3, 3) == (
        found.comparison.champion.examples,
        found.left_out,
        found.comparison.only_champion,
        found.comparison.only_challenger,
    )
    assert json.loads(json.dumps(found.to_dict()))["texts"] == 6


@pytest.mark.parametrize("who", ["challenger", "champion"])
def test_what_one_learned_is_left_out_for_both(who: str) -> None:
    """Whoever it was."""
    memory = remember(text.keys for text in judged().texts[:4])
    models = {"challenger": contender("network"), "champion": contender("test"), who: contender("network", memory)}
    found = judge_contenders(models["challenger"], models["champion"], judged(), LIMITS)
    assert (4, 2) == (found.left_out, found.to_dict()["texts"])
    assert 2 == cast(Constant, models[who].classifier).asked


def test_what_the_recipe_said_before_stands_for_what_it_learned() -> None:
    """The model itself is not asked, for it knows by heart."""
    texts = judged().texts
    memory = remember([text.keys for text in texts], [(text.keys, answer("test")) for text in texts])
    champion = contender("network", memory)
    found = judge_contenders(contender("network"), champion, judged(), LIMITS)
    assert found.comparison is not None
    assert (0, 0, 3) == (cast(Constant, champion.classifier).asked, found.left_out, found.comparison.only_champion)


def test_texts_that_come_with_errclass_are_left_out_if_one_learned_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """By their wording, whatever their case."""
    monkeypatch.setattr(comparing, "load_bundled", lambda taxonomy: [Example("The ALPHA gizmo  broke down", "test")])
    for first, second, left_out in ((True, False, 1), (False, True, 1), (False, False, 0)):
        found = judge_contenders(
            contender("network", bundled=first), contender("test", bundled=second), judged(), LIMITS
        )
        assert left_out == found.left_out


def test_without_a_text_nothing_is_judged() -> None:
    """That is a verdict too."""
    found = judge_contenders(contender("network"), contender("test"), JudgedTexts("here"), LIMITS)
    assert (None, None) == (found.comparison, found.verdict.passed)


def test_without_a_champion_the_challenger_stands_alone() -> None:
    """Its figures are kept, and nobody is refused."""
    found = judge_contenders(contender("network"), None, judged(), LIMITS).to_dict()
    assert (None, None, 0.5) == (found["champion"], found["passed"], found["alone"]["accuracy"])


@pytest.mark.parametrize(
    ("by_source", "known"),
    [({"corpus": 3}, True), ({"captured": 1, "user": 2}, True), ({"user": 2}, False), ({}, False)],
)
def test_counts_tell_what_a_training_took_in(by_source: dict[str, int], known: bool) -> None:
    """The sources of the bundled texts have fixed names."""
    assert {"corpus", "captured"} == SOURCES
    assert known is knows_bundled(by_source)
