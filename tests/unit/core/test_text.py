"""Bytes of unknown encoding become text, whole or line by line."""

from __future__ import annotations

import codecs
import gzip
import io
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from errclass.core.text import (
    BLOCK_BYTES,
    MAX_LINE_CHARS,
    bound_line,
    decode_text,
    detect_encoding,
    is_binary,
    iter_lines,
    replace_surrogates,
)

LOG = "npm ERR! code E404\nFehler: Größe überschritten – Привет\n"


def _lines(data: bytes) -> list[tuple[int, str]]:
    return list(iter_lines(io.BytesIO(data)))


@pytest.mark.parametrize(
    "data",
    [
        LOG.encode("utf-8"),
        LOG.encode("utf-8-sig"),
        LOG.encode("utf-16"),
        codecs.BOM_UTF16_BE + LOG.encode("utf-16-be"),
        LOG.encode("utf-32"),
        codecs.BOM_UTF32_BE + LOG.encode("utf-32-be"),
    ],
    ids=["utf-8", "utf-8 with BOM", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"],
)
def test_each_unicode_encoding_is_read(data: bytes) -> None:
    """A byte order mark or valid UTF-8 settles the encoding, and the mark is not part of the text."""
    assert decode_text(data) == LOG
    assert _lines(data) == [(1, "npm ERR! code E404"), (2, "Fehler: Größe überschritten – Привет")]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_byte_order_mark_is_known_by_its_nuls(encoding: str) -> None:
    """PowerShell redirections on old Windows leave such files."""
    data = "error CS0246: type not found\r\n".encode(encoding)
    assert detect_encoding(data) == encoding
    assert decode_text(data) == "error CS0246: type not found\r\n"


def test_windows_1252_is_read() -> None:
    """Text that is mostly not UTF-8 is what Western Windows writes."""
    assert decode_text("Größe überschritten – “x”".encode("cp1252")) == "Größe überschritten – “x”"


def test_a_few_damaged_bytes_do_not_make_utf8_something_else() -> None:
    """One broken character costs itself only."""
    data = ("Größe überschritten\n" * 20).encode() + b"\xff\n" + ("Größe\n" * 20).encode()
    assert decode_text(data).count("Größe") == 40
    assert decode_text(data).count("�") == 1


def test_a_character_cut_at_the_end_of_the_block_is_not_damage() -> None:
    """Detection looks at a block, which may end inside a character."""
    data = b"a" * (BLOCK_BYTES - 1) + "ü".encode()
    assert detect_encoding(data[:BLOCK_BYTES]) == "utf-8"
    assert _lines(data + b"\nend")[1] == (2, "end")


def test_a_character_across_two_blocks_stays_whole() -> None:
    """The decoder keeps its state from block to block."""
    data = b"a\n" * (BLOCK_BYTES // 2 - 1) + b"a" + "ü".encode() + b"\nend"
    assert [line for _, line in _lines(data)][-2:] == ["aü", "end"]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", []),
        (b"\n", [(1, "")]),
        (b"a", [(1, "a")]),
        (b"a\n", [(1, "a")]),
        (b"a\n\nb", [(1, "a"), (2, ""), (3, "b")]),
        (b"10%\r20%\r30%\n", [(1, "10%\r20%\r30%")]),
        (b"a\rb\rc", [(1, "a\rb\rc")]),
        (b"a\r\nb\r\n", [(1, "a\r"), (2, "b\r")]),
        ("a\u2028b\u0085c\x0bd\x0ce\x1ef\n".encode(), [(1, "a\u2028b\u0085c\x0bd\x0ce\x1ef")]),
    ],
)
def test_only_a_line_feed_ends_a_line(data: bytes, expected: list[tuple[int, str]]) -> None:
    """Line numbers are those of an editor and of ``grep -n``."""
    assert _lines(data) == expected


def test_a_huge_line_keeps_its_ends() -> None:
    """A line of several blocks comes out bounded, with what it starts and ends with."""
    data = b"START" + b"x" * (3 * BLOCK_BYTES) + b"END\nnext"
    (_, first), second = _lines(data)
    assert len(first) <= MAX_LINE_CHARS + 3
    assert first.startswith("STARTxxx")
    assert first.endswith("xxxEND")
    assert second == (2, "next")


def test_a_short_line_is_not_bounded() -> None:
    """The limit itself still fits."""
    assert bound_line("x" * 10, limit=10) == "x" * 10
    assert bound_line("abcdefghijk", limit=10) == "abcde … ghijk"


@pytest.mark.parametrize(
    "data",
    [
        b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x03\x00\x3e\x00\x01\x00\x00\x00" * 8,
        b"\x89PNG\r\n\x1a\n" + bytes(4) + b"\rIHDR" + bytes(range(256)),
        gzip.compress(LOG.encode() * 50, mtime=0) + bytes(range(256)),
        Random(1).randbytes(4096),
        bytes(1000),
        b"\x00\x01" * 500,
        b"\x02\x00\x13\x00" * 300,
    ],
    ids=["elf", "png", "gzip", "random", "zeros", "big-endian numbers", "little-endian numbers"],
)
def test_a_binary_is_known(data: bytes) -> None:
    """What is no text in any encoding is not read as one."""
    assert is_binary(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"a",
        LOG.encode(),
        LOG.encode("utf-16"),
        "error: type not found\r\n".encode("utf-16-le"),
        "Größe überschritten".encode("cp1252"),
        b"\x1b[31merror\x1b[0m\r\n\x07 10%\r20%\x08\x08\n",
        b"one damaged \xff byte",
        "日本語のログ".encode(),
        "日本語のログ".encode("utf-16"),
        b"what a crashed program leaves: \x00 and then the rest" + b" of its log" * 20,
    ],
    ids=[
        *("empty", "one letter", "utf-8", "utf-16", "utf-16 without BOM", "cp1252", "terminal", "damaged"),
        *("japanese", "japanese utf-16", "one NUL"),
    ],
)
def test_a_text_is_no_binary(data: bytes) -> None:
    """Escapes, progress bars, damage and foreign scripts are text."""
    assert not is_binary(data)


def test_lone_surrogates_are_replaced() -> None:
    """A file name of undecodable bytes must not stop a text from being stored."""
    assert replace_surrogates("caf\udce9 ü 😀") == "caf� ü 😀"
    assert replace_surrogates("plain") == "plain"


@given(st.binary(max_size=200))
def test_any_bytes_are_read(data: bytes) -> None:
    """No bytes raise, and what comes out can be stored."""
    decode_text(data).encode()
    is_binary(data)
    assert "".join(line for _, line in _lines(data)) == decode_text(data).replace("\n", "")


@given(st.lists(st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=20), min_size=1))
def test_lines_of_utf8_round_trip(lines: list[str]) -> None:
    """With a mark that settles the encoding, every line comes back under its number."""
    data = codecs.BOM_UTF8 + "".join(line + "\n" for line in lines).encode()
    assert _lines(data) == list(enumerate(lines, start=1))
