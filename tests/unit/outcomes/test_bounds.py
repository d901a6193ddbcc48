from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from errclass.outcomes.bounds import bound_text


def test_short_text_is_left_alone() -> None:
    """A text within the limit comes back unchanged, exactly at the limit too."""
    assert "é" * 50 == bound_text("é" * 50, 100)


def test_long_text_keeps_both_ends() -> None:
    """Of a long log the start and, above all, the end are kept, and the gap is marked."""
    bounded = bound_text("first line\n" + "x" * 10_000 + "\nlast line", 200)
    assert (True, True, True) == (
        bounded.startswith("first line"),
        bounded.endswith("last line"),
        "bytes left out" in bounded,
    )


@given(text=st.text(), limit=st.integers(min_value=120, max_value=400))
def test_limit_holds_for_any_text(text: str, limit: int) -> None:
    """The limit counts bytes, whatever the characters."""
    assert len(bound_text(text * 20, limit).encode("utf-8", "replace")) <= limit


@pytest.mark.parametrize("character", ["é", "漢", "🚀"])
def test_cut_never_splits_a_character(character: str) -> None:
    """No replacement character appears where the cut went through a character."""
    assert "\ufffd" not in bound_text(character * 1000, 301)
