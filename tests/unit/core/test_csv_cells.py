from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from errclass.core.csv_cells import escape_cell, unescape_cell

TEXTS = st.text(st.sampled_from("'=+-@\t\r\n＝a 1")) | st.text()


@given(TEXTS)
def test_what_was_escaped_comes_back(text: str) -> None:
    """Whatever it is, also what looks escaped already."""
    assert text == unescape_cell(escape_cell(text))


@given(TEXTS)
def test_no_cell_begins_like_a_formula(text: str) -> None:
    """Also not in full width."""
    assert not escape_cell(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))


@pytest.mark.parametrize("text", ["", "npm ERR! code E404", "it's", "'quoted'", "a=b", "1 - 2"])
def test_harmless_text_stays_as_it_is(text: str) -> None:
    """In both directions."""
    assert (text, text) == (escape_cell(text), unescape_cell(text))
