"""What a line is worth is what the model loses without it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from errclass.classify import evidence
from errclass.classify.evidence import find_evidence, find_flip
from errclass.classify.lean import LeanLinear
from errclass.classify.linear import LinearClassifier
from errclass.classify.tags import tags_of_codes
from errclass.classify.training import signals_of
from errclass.core.types import Signals

DNS = "curl: (6) Could not resolve host: registry.example.org"
DISK = "tar: write error: No space left on device"
TEST = "AssertionError: expected 3 but got 4"
LINES = st.lists(
    st.sampled_from([DNS, DISK, TEST, "npm ERR! code E401", "fatal: Authentication failed for 'origin'", "Killed"]),
    min_size=2,
    max_size=8,
)


def lines_of(signals: Signals) -> list[str]:
    region = signals.region.text.split("\n")
    return [region[index] for index in signals.focus]


def scores_by_hand(lean: LeanLinear, signals: Signals, gone: set[int]) -> np.ndarray:
    """Return the scores of the same signals with some lines and their codes really taken out."""
    masked = [line for place, line in enumerate(signals.masked_text.split("\n")) if place not in gone]
    starts = np.cumsum([0, *(len(line) + 1 for line in signals.region.text.split("\n"))])
    out = {signals.focus[place] for place in gone}
    codes = [hit for hit in signals.codes if int(np.searchsorted(starts, hit.start, "right")) - 1 not in out]
    others = [tag for tag in signals.tags if tag not in tags_of_codes(signals.codes)]
    less = replace(signals, masked_text="\n".join(masked), tags=(*tags_of_codes(codes), *others))
    return np.log(lean.probabilities(lean.score(lean.read(less))))


@settings(max_examples=60, deadline=None)
@given(texts=LINES)
def test_leaving_a_line_out_is_what_it_says(linear_small: LinearClassifier, texts: list[str]) -> None:
    """The quick way gives what the model says of the text without the line."""
    lean, signals = linear_small.lean, signals_of("\n".join(texts))
    lines = evidence._distinct_lines(signals)
    reading = lean.read(signals)
    found = evidence._scores_without(lean, signals, reading, [[line] for line in lines])
    for line, scores in zip(lines, found, strict=True):
        expected = scores_by_hand(lean, signals, set(line.places))
        assert expected == pytest.approx(scores - np.logaddexp.reduce(scores), abs=1e-6)


def test_the_line_that_decides_comes_first(linear_small: LinearClassifier) -> None:
    """It is the one whose absence costs most."""
    signals = signals_of(f"Error: the step failed\n{DNS}\nError: giving up")
    lean = linear_small.lean
    assert DNS == find_evidence(lean, signals, lean.read(signals), "network")[0]


def test_a_line_that_speaks_against_the_type_is_no_evidence(linear_small: LinearClassifier) -> None:
    """Without it the type would be more probable."""
    signals = signals_of(f"{DNS}\n{TEST}")
    lean = linear_small.lean
    assert (DNS,) == find_evidence(lean, signals, lean.read(signals), "network")
    assert (TEST,) == find_evidence(lean, signals, lean.read(signals), "test")


def test_a_repeated_line_counts_as_one(linear_small: LinearClassifier) -> None:
    """All its copies go together: one of ten alike would never be missed."""
    signals = signals_of("\n".join([DNS] * 6))
    lean = linear_small.lean
    assert (DNS,) == find_evidence(lean, signals, lean.read(signals), "network")


def test_without_text_there_is_no_evidence(linear_small: LinearClassifier) -> None:
    """Nothing read, nothing shown."""
    signals = signals_of("")
    lean = linear_small.lean
    assert () == find_evidence(lean, signals, lean.read(signals), "unknown")
    assert find_flip(lean, signals) is None


@settings(max_examples=60, deadline=None)
@given(texts=LINES)
def test_a_flip_really_flips(linear_small: LinearClassifier, texts: list[str]) -> None:
    """Without its lines the model names its type, and with them another."""
    lean, signals = linear_small.lean, signals_of("\n".join(texts))
    before = lean.types[int(np.argmax(lean.probabilities(lean.score(lean.read(signals)))))]
    flip = find_flip(lean, signals)
    if flip is None:
        return
    gone = {place for place, line in enumerate(lines_of(signals)) if line in flip.without}
    after = lean.types[int(np.argmax(scores_by_hand(lean, signals, gone)))]
    assert before != flip.type
    assert flip.type == after
    assert 1 <= len(flip.without) <= 3


def test_two_causes_flip_into_each_other(linear_small: LinearClassifier) -> None:
    """Without the one, it is the other."""
    signals = signals_of(f"{DNS}\n{TEST}\n1 failed, 3 passed")
    flip = find_flip(linear_small.lean, signals)
    assert flip is not None


def test_one_line_alone_cannot_flip(linear_small: LinearClassifier) -> None:
    """There would be nothing left to judge."""
    assert find_flip(linear_small.lean, signals_of(DNS)) is None
