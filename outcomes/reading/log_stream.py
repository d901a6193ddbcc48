"""Read a log that streams by, within bounded memory."""

from __future__ import annotations

import codecs
from collections import deque
from collections.abc import Iterator

from ..bounds import READ_BYTES, join_ends
from .archives import Readable
from .encoding import decode_text

_BLOCK = 64 * 1024
_LONGEST_LINE = 1024 * 1024


def iter_blocks(stream: Readable) -> Iterator[bytes]:
    """Yield the stream, without its byte order mark, in blocks that end where a line does; a line above 1 MB is cut."""
    rest = stream.read(_BLOCK).removeprefix(codecs.BOM_UTF8)
    while data := stream.read(_BLOCK):
        rest += data
        end = rest.rfind(b"\n") + 1 or (len(rest) if len(rest) > _LONGEST_LINE else 0)
        if end:
            yield rest[:end]
            rest = rest[end:]
    if rest:
        yield rest


class LogEnds:
    """Keep a log, or of a large one the first quarter and the end of what is kept, as ``reading/logs.py`` does."""

    def __init__(self) -> None:
        self._size = 0
        self._head = b""
        self._blocks: deque[bytes] = deque()
        self._kept = 0

    def add(self, block: bytes) -> None:
        """Take the next bytes."""
        self._head += block[: READ_BYTES // 4 - len(self._head)]
        self._size += len(block)
        self._kept += len(block)
        self._blocks.append(block)
        while self._kept - len(self._blocks[0]) >= READ_BYTES:
            self._kept -= len(self._blocks.popleft())

    @property
    def text(self) -> str:
        """What was kept, with a mark where something was left out."""
        kept = b"".join(self._blocks)
        whole = self._size <= READ_BYTES
        text = decode_text(kept, "utf-8") if whole else join_ends(self._head, kept, self._size, READ_BYTES)
        return text.replace("\x00", "\ufffd")


def read_ends(stream: Readable) -> str:
    """Return what is kept of one log."""
    ends = LogEnds()
    for block in iter_blocks(stream):
        ends.add(block)
    return ends.text
