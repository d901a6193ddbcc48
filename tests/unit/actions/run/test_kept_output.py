"""What is kept of a command's output."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from errclass.actions.run.kept_output import KeptOutput

BLOCKS = st.lists(st.tuples(st.sampled_from(["stdout", "stderr"]), st.binary(min_size=1, max_size=40)), max_size=30)


def keep(blocks: list[tuple[str, bytes]], head: int = 20, tail: int = 30) -> KeptOutput:
    kept = KeptOutput(head, tail)
    for stream, data in blocks:
        kept.add(stream, data)
    return kept


def test_little_is_kept_whole() -> None:
    """Byte by byte, whatever the bytes are."""
    kept = keep([("stdout", b"one\n"), ("stdout", b"\xff\x00two\n")])
    assert (b"one\n\xff\x00two\n", 10) == (kept.text(), kept.total)


def test_much_keeps_its_head_and_its_tail() -> None:
    """What is cut begins with a whole line."""
    kept = keep([("stdout", b"line %02d\n" % number) for number in range(100)])
    assert b"line 00\nline 01\nline\nline 97\nline 98\nline 99\n" == kept.text()
    assert 800 == kept.total


def test_another_stream_begins_a_line_of_its_own() -> None:
    """So that half a line of one is not glued to a message of the other."""
    assert b"progress 50 %\nerror: no\n" == keep([("stdout", b"progress 50 %"), ("stderr", b"error: no\n")]).text()


def test_streams_that_end_their_lines_are_left_as_they_came() -> None:
    """Nothing is put in between."""
    assert b"one\ntwo\n" == keep([("stdout", b"one\n"), ("stderr", b"two\n")]).text()


def test_one_block_larger_than_everything_is_cut() -> None:
    """Also where it holds no line end."""
    assert len(keep([("stdout", b"x" * 1000)]).text()) <= 51


@given(BLOCKS)
def test_never_more_is_kept_than_allowed(blocks: list[tuple[str, bytes]]) -> None:
    """Head, tail, and the end of line between them."""
    kept = keep(blocks)
    assert len(kept.text()) <= 20 + 30 + 1
    assert sum(len(data) for _, data in blocks) == kept.total


@given(st.lists(st.binary(min_size=1, max_size=10), max_size=5))
def test_what_fits_is_unchanged(blocks: list[bytes]) -> None:
    """However it was cut into blocks."""
    assert b"".join(blocks) == keep([("stdout", data) for data in blocks]).text()
