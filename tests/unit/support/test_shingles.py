"""Runs of words."""

from __future__ import annotations

import pytest
from support.shingles import list_shingles


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("a b c d", [("a", "b", "c"), ("b", "c", "d")]),
        ("a b c", [("a", "b", "c")]),
        ("a a a a", [("a", "a", "a"), ("a", "a", "a")]),
        ("a b", []),
        ("", []),
    ],
)
def test_every_run_in_order(words: str, expected: list[tuple[str, ...]]) -> None:
    """Fewer words than a run has are no run."""
    assert expected == list_shingles(words.split(), 3)
