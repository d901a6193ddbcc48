"""Read lines of bounded length."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import TextIO

LINE_LIMIT = 16 * 1024 * 1024
"""Characters in one line or record; what is longer is skipped, so that memory stays bounded."""


class TooLongError(Exception):
    """A line or record exceeds LINE_LIMIT."""


class BoundedLines:
    """Iterate over lines with their ends, count them, remember those of the present record, and take lines back.

    Raises TooLongError at a line or record that is too long and may be used on after it.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._returned: deque[str] = deque()
        self.number = 0
        """Line last read, 1-based."""
        self.record: list[str] = []
        """Lines read since ``start_record``."""
        self._record_size = 0

    def __iter__(self) -> BoundedLines:
        return self

    def __next__(self) -> str:
        line = self._returned.popleft() if self._returned else self._stream.readline(LINE_LIMIT)
        if not line:
            raise StopIteration
        self.number += 1
        self._record_size += len(line)
        if len(line) == LINE_LIMIT:
            self._skip_line()
        if self._record_size >= LINE_LIMIT:
            raise TooLongError
        self.record.append(line)
        return line

    def start_record(self) -> None:
        """Begin a new record at the next line."""
        self.record, self._record_size = [], 0

    def take_back(self, lines: Iterable[str]) -> None:
        """Give the last lines of the present record back, to be read again."""
        kept = list(lines)
        self._returned.extendleft(reversed(kept))
        self.number -= len(kept)

    def _skip_line(self) -> None:
        rest = self._stream.readline(LINE_LIMIT)
        while rest and not rest.endswith(("\n", "\r")):
            rest = self._stream.readline(LINE_LIMIT)
