"""Read bytes of unknown encoding as text, whole or line by line, within bounded memory."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO

BLOCK_BYTES = 1 << 20
MAX_LINE_CHARS = 16_384
"""A longer line keeps its first and last halves of this; what explains a failure never needs more."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_TEXT_CONTROLS = frozenset(b"\t\n\r\f\b\x1b\x07\x0b\x0e\x0f\x00")
_GAP = " … "
# Characters that no text holds: controls other than white space and escapes, halves of pairs, what does not decode.
_NO_TEXT = re.compile("[\x01-\x06\x10-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffd-\uffff]")
_FOLDED = str.maketrans({"\u0130": "i", "\u0131": "i", "\u017f": "s"})
_SURROGATES = re.compile("[\ud800-\udfff]")


def encoding_by_mark(head: bytes) -> str | None:
    """Name the encoding that the byte order mark of a text tells; None without one."""
    return next((name for bom, name in _BOMS if head.startswith(bom)), None)


def detect_encoding(head: bytes) -> str:
    """Name the encoding of a text from its first bytes: by BOM, by the NULs of UTF-16, else UTF-8 or Windows-1252."""
    if marked := encoding_by_mark(head):
        return marked
    even, odd = head[0::2], head[1::2]
    if odd and odd.count(0) > 0.4 * len(odd) and even.count(0) < 0.1 * len(even):
        return "utf-16-le"
    if even and even.count(0) > 0.4 * len(even) and odd.count(0) < 0.1 * len(odd):
        return "utf-16-be"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError as error:
        # A log in UTF-8 may hold a few damaged bytes; only text that is mostly something else is read as such.
        good = head[: error.start].decode("utf-8")
        return "utf-8" if _mostly_utf8(head) or not good.isascii() else "cp1252"
    return "utf-8"


def _mostly_utf8(head: bytes) -> bool:
    text = head.decode("utf-8", errors="replace")
    return any(ord(char) > 127 and char != "�" for char in text) and text.count("�") < 0.01 * len(text)


def is_binary(head: bytes) -> bool:
    """Tell whether these bytes are something else than text in any encoding that ``detect_encoding`` knows."""
    encoding = detect_encoding(head)
    if encoding.startswith(("utf-16", "utf-32")):
        text = head.decode(encoding, errors="replace")
        return len(_NO_TEXT.findall(text)) > 0.05 * len(text) + 1
    controls = sum(byte < 32 and byte not in _TEXT_CONTROLS for byte in head)
    return head.count(0) > 0.01 * len(head) or controls > 0.05 * len(head)


def decode_text(data: bytes) -> str:
    """Decode a text of unknown encoding; bytes that do not fit become U+FFFD."""
    return data.decode(detect_encoding(data[:BLOCK_BYTES]), errors="replace")


def replace_surrogates(text: str) -> str:
    """Replace lone surrogates, which neither UTF-8 nor a database takes, by U+FFFD."""
    return text if text.isascii() else _SURROGATES.sub("\ufffd", text)


def fold_case(text: str) -> str:
    """Return the lower case by which a pattern that ignores case compares: two letters i and a long s are i and s too.

    Every literal of such a pattern that is found in ``text`` is, in lower case, found in the result.
    """
    return (text if text.isascii() else text.translate(_FOLDED)).lower()


def bound_line(line: str, limit: int = MAX_LINE_CHARS) -> str:
    """Cut the middle out of a line longer than ``limit`` characters."""
    if len(line) <= limit:
        return line
    half = limit // 2
    return line[:half] + _GAP + line[-half:]


def iter_lines(stream: BinaryIO) -> Iterator[tuple[int, str]]:
    """Yield (1-based number, text without its LF) of each line; a line ends at LF only, and is bounded in length."""
    for first, lines in iter_blocks(stream):
        yield from enumerate(lines, first)


def iter_blocks(stream: BinaryIO) -> Iterator[tuple[int, list[str]]]:
    """Yield lines as ``iter_lines`` does, many at a time: (1-based number of the first, lines)."""
    head = stream.read(BLOCK_BYTES)
    decoder = codecs.getincrementaldecoder(detect_encoding(head))(errors="replace")
    number, rest = 1, ""
    block = head
    while block:
        text = rest + decoder.decode(block)
        *lines, rest = text.split("\n")
        if lines:
            yield number, [line if len(line) <= MAX_LINE_CHARS else bound_line(line) for line in lines]
            number += len(lines)
        rest = bound_line(rest)
        block = stream.read(BLOCK_BYTES)
    rest += decoder.decode(b"", True)
    if rest:
        yield number, [bound_line(rest)]
