"""Find, in a chain of exceptions, the one that explains the others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .log_line import LogLine

_CAUSE = re.compile(r"\s{0,40}(?:Caused by|Root cause)(?: \(\d{1,3}/\d{1,3}\))?: ?\S")
_ANOTHER = re.compile(
    r"\s{0,40}(?:During handling of the above exception, another|The above exception was the direct cause)"
)
_REACH = 200
"""Lines that a chain's parts are apart at most: stack frames stand between them."""
_EXPLAINS = 8.5
_HEADLINE = 8.0
_SAYS_MORE = 4.0


def adjust_chains(lines: list[LogLine]) -> list[LogLine]:
    """Return the lines with the innermost cause of each chain of exceptions raised above the chain's other headlines.

    Java, Ruby and others name it last, after ``Caused by:``; Python first, before ``During handling of the above
    exception, another exception occurred``.
    """
    for place in (*_last_causes(lines), *_first_exceptions(lines)):
        lines[place] = lines[place]._replace(score=max(lines[place].score, _EXPLAINS))
    return lines


def _last_causes(lines: Sequence[LogLine]) -> list[int]:
    found: list[int] = []
    chain = -1
    for place, line in enumerate(lines):
        if line.score and _CAUSE.match(line.text):
            if found and found[-1] == chain and place - chain <= _REACH:
                found.pop()
            found.append(place)
            chain = place
        elif line.score >= _HEADLINE:
            chain = -1
    return found


def _first_exceptions(lines: Sequence[LogLine]) -> Iterator[int]:
    before = -_REACH - 1
    for place, line in enumerate(lines):
        if line.text.startswith(("During handling", "The above exception", " ")) and _ANOTHER.match(line.text):
            if place - before > _REACH:
                yield from _headline_before(lines, place)
            before = place


def _headline_before(lines: Sequence[LogLine], place: int) -> list[int]:
    earlier = range(place - 1, max(-1, place - 6), -1)
    plain = [near for near in earlier if lines[near].score >= _SAYS_MORE and lines[near].text[:1] != " "]
    return plain[:1]
