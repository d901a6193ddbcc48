"""Near-duplicates are found, whatever was filled into their slots, and others are not."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.near_duplicates import ALIKE, _shingle, find_near_duplicates, measure_repetition

LONG = " ".join(f"word{chr(97 + n)}" for n in range(26))


def compare_all(texts: list[str]) -> list[tuple[int, int]]:
    """Return the same by comparing every pair."""
    sets = [_shingle(text) for text in texts]
    return [
        (i, j) for j in range(len(sets)) for i in range(j) if len(sets[i] & sets[j]) >= ALIKE * len(sets[i] | sets[j])
    ]


@pytest.mark.parametrize(
    "other",
    [
        LONG,
        LONG.upper(),
        LONG.replace(" ", "\n  "),
        LONG + " wordz",  # one run more in twenty-two
    ],
)
def test_what_is_alike_is_found(other: str) -> None:
    """Case and white space do not count, and one run in twenty does not either."""
    assert [(0, 1)] == find_near_duplicates([LONG, other])


@pytest.mark.parametrize("other", [LONG.replace("wordm", "other"), " ".join(reversed(LONG.split())), LONG[:80], ""])
def test_what_is_not_alike_is_not(other: str) -> None:
    """A word in the middle touches five runs of twenty-two; another order shares none."""
    assert [] == find_near_duplicates([LONG, other])


def test_numbers_paths_and_hosts_make_no_difference() -> None:
    """That is what masking is for."""
    texts = [
        f"could not open /srv/{name}/file{n}.txt on {name}.example.com after {n} seconds"
        for n, name in ((12, "a"), (7, "b"))
    ]
    assert [(0, 1)] == find_near_duplicates(texts)


def test_short_texts_are_compared_as_they_are() -> None:
    """Fewer words than a run has."""
    assert [(0, 2)] == find_near_duplicates(["no space", "no time", "No  space"])


def test_the_share_counts_what_could_be_left_out() -> None:
    """Of three that are alike, two."""
    assert 0.5 == measure_repetition([LONG, LONG, LONG, "something else"])
    assert 0.0 == measure_repetition([])


@given(st.lists(st.lists(st.sampled_from("abcd"), max_size=14).map(" ".join), max_size=12))
def test_no_pair_is_missed(texts: list[str]) -> None:
    """The index finds what comparing every pair finds."""
    assert compare_all(texts) == sorted(find_near_duplicates(texts), key=lambda pair: (pair[1], pair[0]))


def test_no_pair_is_missed_among_long_texts() -> None:
    """Copies with a few words changed, at the edge of being alike."""
    draw = random.Random(7)
    texts = []
    for _ in range(40):
        words = LONG.split() * 2
        for _ in range(draw.randrange(4)):
            words[draw.randrange(len(words))] = draw.choice("xyz")
        texts.append(" ".join(words))
    pairs = compare_all(texts)
    assert 10 < len(pairs) < 40 * 39 / 2
    assert pairs == find_near_duplicates(texts)
