"""The fast search never leaves out a line that the slow one would find."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.healthy_lines import BLOCKS

from errclass.classify.needles import NEEDLES, Sieve, may_matter

PIECES = st.sampled_from([*NEEDLES, "E", "ECONNRESET", "##[error]", "1", "20", " ", "x", "İ", "ß", "\ud800", "É", "ok"])
LINES = st.lists(st.lists(PIECES, max_size=4).map("".join), max_size=30)


@given(st.lists(LINES, max_size=4))
def test_the_sieve_finds_all_that_may_matter(blocks: list[list[str]]) -> None:
    """In every block, also once it has learned from earlier ones."""
    sieve = Sieve()
    for lines in blocks:
        wanted = {index for index, line in enumerate(lines) if may_matter(line)}
        assert wanted <= set(sieve.find(lines))


@pytest.mark.parametrize(
    "line", ["[00001] Compiling unit 1", "Get:4 http://deb.example.org stable InRelease", "added 12 packages"]
)
def test_progress_goes_by(line: str) -> None:
    """Lines that differ in digits only are all left out."""
    assert [] == Sieve().find([line, line.replace("1", "7")])


def test_most_healthy_lines_go_by() -> None:
    """The sieve would be of no use otherwise."""
    lines = [line for block in BLOCKS for line in block]
    assert len(Sieve().find(lines)) < len(lines) / 3


def test_no_needle_holds_a_digit_or_a_capital() -> None:
    """They are looked for in lower case and without digits."""
    assert [] == [needle for needle in NEEDLES if needle != needle.lower() or any(char.isdigit() for char in needle)]
