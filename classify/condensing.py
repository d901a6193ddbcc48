"""Read a log of any size within bounded memory, keeping the lines that may matter."""

from __future__ import annotations

import io
import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from ..core.text import BLOCK_BYTES, is_binary, iter_blocks
from ..core.types import Context, Failure
from .cleaning import clean_line, split_overwritten
from .masks import mask_variables
from .needles import Sieve
from .scoring import score_line

WHOLE_LINES = 4_000
"""A log up to this many lines, and ``WHOLE_CHARS``, is kept whole."""
WHOLE_CHARS = 1 << 20
KEPT_LINES = 12_000
KEPT_CHARS = 8 << 20
"""Bounds what long lines may take; a character is 1 to 4 bytes."""
TAIL_LINES = 300
_BEFORE, _AFTER = 3, 8
_SAME_TEMPLATE = 6
_KEY_BEGIN, _KEY_END = "-----BEGIN ", "-----END "
# Base64, alone or behind what a CI system put before it, and the headers of an encrypted key.
_KEY_LINE = re.compile(r"(?:.{0,120}[^\w+/=])?[A-Za-z0-9+/=]{32,}|[A-Za-z0-9+/=]{0,76}|(?:Proc-Type|DEK-Info): .*")


@dataclass(slots=True)
class _Kept:
    """Collect numbered lines: those around a line with a score, and the log's tail."""

    lines: dict[int, str] = field(default_factory=dict)
    scores: dict[int, float] = field(default_factory=dict)
    templates: Counter[str] = field(default_factory=Counter)
    sieve: Sieve = field(default_factory=Sieve)
    tail: deque[tuple[int, str]] = field(default_factory=lambda: deque(maxlen=TAIL_LINES))
    until: int = 0
    chars: int = 0

    def add(self, first: int, lines: list[str]) -> None:
        """Take a block of lines, of which ``first`` is the number of the first; most of them only go by."""
        place = 0
        for index in self.sieve.find(lines):
            self._keep_after(first, lines, place, index)
            self._judge(first, lines, index)
            place = index + 1
        self._keep_after(first, lines, place, len(lines))
        self.tail.extend(enumerate(lines[-TAIL_LINES:], first + max(0, len(lines) - TAIL_LINES)))

    def _keep_after(self, first: int, lines: list[str], start: int, stop: int) -> None:
        for index in range(start, min(stop, self.until - first + 1)):
            self._keep(first + index, lines[index])

    def _judge(self, first: int, lines: list[str], index: int) -> None:
        number, line = first + index, lines[index]
        score, best = max((score_line(clean_line(part)), part) for part in split_overwritten(line))
        if score >= 2 and self._is_new(best):
            for near, text in self._before(first, lines, index):
                self._keep(near, text)
            self.until = number + _AFTER
            self.scores[number] = score
        if number <= self.until:
            self._keep(number, line)

    def _before(self, first: int, lines: list[str], index: int) -> list[tuple[int, str]]:
        start = max(0, index - _BEFORE)
        earlier = list(self.tail)[index - _BEFORE :] if index < _BEFORE else []
        return [*earlier, *enumerate(lines[start:index], first + start)]

    def _keep(self, number: int, line: str) -> None:
        if number not in self.lines:
            self.lines[number] = line
            self.chars += len(line)
            if len(self.lines) > 2 * KEPT_LINES or self.chars > KEPT_CHARS:
                self._shrink()

    def _is_new(self, line: str) -> bool:
        """Tell whether few lines like this one were kept: what a log repeats a thousand times explains nothing."""
        template = mask_variables(clean_line(line).text[:120])
        self.templates[template] += 1
        if len(self.templates) > 4 * KEPT_LINES:
            self.templates.clear()
        return self.templates[template] <= _SAME_TEMPLATE

    def _shrink(self) -> None:
        """Keep the surroundings of the best and, among equals, the latest lines."""
        best = sorted(self.scores, key=lambda number: (self.scores[number], number), reverse=True)
        old, scores = self.lines, self.scores
        self.lines, self.scores, self.chars = {}, {}, 0
        for number in best[: KEPT_LINES // (_BEFORE + _AFTER + 1)]:
            if self.chars > KEPT_CHARS // 2:
                break
            self.scores[number] = scores[number]
            for near in range(number - _BEFORE, number + _AFTER + 1):
                if near in old and near not in self.lines:
                    self.lines[near] = old[near]
                    self.chars += len(old[near])

    def result(self) -> list[tuple[int, str]]:
        return sorted((self.lines | dict(self.tail)).items())


def condense_log(stream: BinaryIO, *, context: Context | None = None) -> Failure:
    """Read a log and return it as a failure whose text holds at most some ten thousand lines.

    ``Failure.line_numbers`` says where in the log each line stood, where any was left out. A stream that is not text
    gives a failure whose text is one NUL character, which ``extract_signals`` answers with the gap ``no_log``.
    """
    if is_binary(_peek(stream)):
        return Failure(text="\0", context=context or Context())
    return _select(_without_keys(iter_blocks(stream)), context or Context())


def _peek(stream: BinaryIO) -> bytes:
    """Return some first bytes of a stream and leave it as it was; nothing for one that can neither peek nor seek."""
    if isinstance(stream, io.BufferedReader):
        return stream.peek(BLOCK_BYTES)[:BLOCK_BYTES]
    if not stream.seekable():
        return b""
    start = stream.tell()
    head = stream.read(BLOCK_BYTES)
    stream.seek(start)
    return head


def _select(blocks: Iterable[tuple[int, list[str]]], context: Context) -> Failure:
    whole: list[str] | None = []
    kept = _Kept()
    for first, lines in blocks:
        if whole is None:
            kept.add(first, lines)
            continue
        whole.extend(lines)
        if len(whole) > WHOLE_LINES or sum(map(len, whole)) > WHOLE_CHARS:
            kept.add(1, whole)
            whole = None
    if whole is not None:
        return Failure("\n".join(whole), context=context)
    result = kept.result()
    return Failure(
        "\n".join(line for _, line in result), context=context, line_numbers=tuple(number for number, _ in result)
    )


def _without_keys(blocks: Iterable[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    """Blank the bodies of private keys: once lines are left out, masking could no longer tell what they were."""
    inside = False
    for first, lines in blocks:
        if inside or any(_KEY_BEGIN in line for line in lines):
            inside = _blank_keys(lines, inside=inside)
        yield first, lines


def _blank_keys(lines: list[str], *, inside: bool) -> bool:
    """Blank keys in place and tell whether the lines end within one, as ``inside`` tells whether they begin in one."""
    for index, line in enumerate(lines):
        if inside and _KEY_END in line:
            inside = False
            lines[index] = "[masked:private-key]"
        elif inside and _KEY_LINE.fullmatch(clean_line(line).text.strip()):
            lines[index] = ""
        else:  # also what follows a message that only mentions a key's first line
            inside = _KEY_BEGIN in line and "PRIVATE KEY" in line and _KEY_END not in line
    return inside
