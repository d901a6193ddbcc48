from __future__ import annotations

from errclass.outcomes.reading import Skipped


def test_nothing_skipped_says_nothing() -> None:
    """No sentence, no count."""
    assert ([], 0, {}) == (Skipped().describe(), Skipped().total, Skipped().to_dict())


def test_reasons_are_told_most_frequent_first() -> None:
    """With their first places only."""
    skipped = Skipped()
    skipped.add("rare", "line 1")
    for number in range(7):
        skipped.add("frequent", f"line {number}")
    expected = [
        "7 skipped: frequent (line 0, line 1, line 2, line 3, line 4, ...)",
        "1 skipped: rare (line 1)",
    ]
    assert (expected, 8) == (skipped.describe(), skipped.total)


def test_counts_are_json_ready() -> None:
    """For ``--format json``."""
    skipped = Skipped()
    skipped.add("broken", "line 3")
    assert {"broken": {"count": 1, "first": ["line 3"]}} == skipped.to_dict()
