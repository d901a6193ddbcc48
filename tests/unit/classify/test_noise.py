"""Noise surrounds a text and says nothing of its own."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from errclass.classify import noise
from errclass.classify.noise import SOURCE, add_noise, copy_with_noise
from errclass.classify.training import signals_of
from errclass.core.types import Example

TEXT = "curl: (6) Could not resolve host: deb.example.org\nmake: *** [Makefile:3: fetch] Error 6"


@settings(max_examples=50, deadline=None)
@given(text=st.text(max_size=300))
def test_the_same_text_gets_the_same_noise(text: str) -> None:
    """So that training twice gives the same model."""
    assert add_noise(text) == add_noise(text)


@settings(max_examples=50, deadline=None)
@given(words=st.lists(st.sampled_from(["Killed", "fatal: no", "E1", "é", "error: x"]), min_size=1, max_size=6))
def test_the_text_is_still_there_and_in_order(words: list[str]) -> None:
    """Every line stands in the result, after the one before it."""
    text = "\n".join(f"{word} {number}." for number, word in enumerate(words))
    found = add_noise(text)
    places = [found.find(line) for line in text.split("\n")]
    assert -1 not in places
    assert sorted(places) == places


def test_noise_differs_from_text_to_text() -> None:
    """No prefix and no line marks them all."""
    noisy = [add_noise(f"{TEXT} {number}") for number in range(40)]
    assert 40 == len(set(noisy))
    assert 5 <= len({text.split("\n")[0][:6] for text in noisy})


def test_a_copy_keeps_the_label_and_weighs_less() -> None:
    """It is the same failure, seen through a log."""
    example = Example(TEXT, "network", retryable=True, weight=2.0, tool="curl", source="corpus")
    (copy,) = copy_with_noise([example])
    assert ("network", True, "curl", SOURCE, 1.0) == (copy.type, copy.retryable, copy.tool, copy.source, copy.weight)
    assert TEXT != copy.text


@pytest.mark.parametrize("line", [*noise._load("healthy"), *noise._load("warnings")])
def test_no_line_says_of_what_type_a_failure_is(line: str) -> None:
    """Its words are no evidence for the reader of codes."""
    assert [] == [hit.code for hit in signals_of(f"{line}\nError: x").codes if hit.type and hit.strength != "weak"]
