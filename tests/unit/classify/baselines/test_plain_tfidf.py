"""TF-IDF with a logistic regression, as it comes."""

from __future__ import annotations

import pytest

from errclass.classify.baselines import PlainTfidf
from errclass.core.types import Example

EXAMPLES = [
    Example(f"{text} {name}", kind)
    for name in ("app", "web", "api", "cron")
    for text, kind in (
        ("connection refused by", "network"),
        ("unexpected token in", "syntax"),
        ("assert failed", "test"),
    )
]


@pytest.mark.parametrize(
    ("text", "kind"), [("connection refused", "network"), ("Unexpected TOKEN", "syntax"), ("it failed: assert", "test")]
)
def test_it_learns(text: str, kind: str) -> None:
    """Its probabilities are a distribution, the best first."""
    answer = PlainTfidf(EXAMPLES).predict(text)
    probabilities = [entry.probability for entry in answer.ranked]
    assert kind == answer.type
    assert sorted(probabilities, reverse=True) == probabilities
    assert 1.0 == pytest.approx(sum(probabilities))


def test_it_reads_plain_text() -> None:
    """Without masks another number is another word: that is what it is compared for."""
    examples = [Example("exit 41", "test"), Example("exit 77", "build")] * 3
    assert ["test", "build"] == [PlainTfidf(examples).predict(text).type for text in ("exit 41", "exit 77")]


def test_a_text_without_a_known_word_is_answered_too() -> None:
    """As is an empty one."""
    baseline = PlainTfidf(EXAMPLES)
    assert baseline.predict("zzz") == baseline.predict("")
