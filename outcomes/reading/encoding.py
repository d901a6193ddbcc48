"""Open text files whose encoding nobody wrote down."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from ...core.errors import UsageError
from ...core.text import encoding_by_mark

SAMPLE_BYTES = 64 * 1024
_BINARY_SHARE = 0.05
# Text has tab, line ends, form feed, backspace (progress bars) and escape (colours), hardly anything else below 32.
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r\f\b\x1b")
_FALLBACK = "errclass.cp1252"


@contextmanager
def open_text(path: Path) -> Iterator[TextIO]:
    """Yield the file as text with its own line ends: by its BOM, otherwise UTF-8.

    Single bytes that are no UTF-8 are read as Windows-1252.
    """
    encoding = detect_encoding(path)
    with path.open(encoding=encoding, errors=_FALLBACK, newline="") as stream:
        yield stream


def decode_text(data: bytes, encoding: str) -> str:
    """Return ``data`` as text by the same rules."""
    return data.decode(encoding, _FALLBACK)


def detect_encoding(path: Path) -> str:
    """Return the encoding to read ``path`` with; raise UsageError when it is empty or no text."""
    with path.open("rb") as stream:
        sample = stream.read(SAMPLE_BYTES)
    if not sample.strip() and len(sample) < SAMPLE_BYTES:
        raise UsageError(f"{path} is empty")
    if marked := encoding_by_mark(sample):
        return marked
    if len(sample) - len(sample.translate(None, _CONTROLS)) > _BINARY_SHARE * len(sample):
        raise UsageError(f"{path} is not text: unpack or convert it first")
    return "utf-8"


def _decode_single_bytes(error: UnicodeError) -> tuple[str, int]:
    """Read what is no valid UTF-8 as Windows-1252, the usual culprit, and its five holes as U+FFFD."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    if not error.encoding.lower().startswith("utf-8"):
        return "\ufffd", error.end
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error(_FALLBACK, _decode_single_bytes)
