"""Find exact codes in a text: errno names, HTTP status, SQLSTATE, exit codes, exception classes, tools' own codes."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import accumulate, chain, islice

from ..core.types import CodeHit, Failure
from .assertions import find_asserted
from .code_places import find_placed_codes, name_exit_code
from .knowledge import Entry, Knowledge, load_knowledge
from .scoring import is_healthy, is_warning

MAX_HITS = 60

_TOKEN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:(?:[.:$]{1,2}|-)[A-Za-z0-9_]+)*")
_PART = re.compile(r"[.:$]+")
# Most words come again and again, and most of them are no code.
_REMEMBERED_TOKENS, _MAX_REMEMBERED_CHARS = 16_384, 60


def find_codes(text: str, numbers: list[int], failure: Failure) -> tuple[CodeHit, ...]:
    """Return the codes of a region, in the order of the text; ``numbers`` are the source lines of its lines.

    Lines that report a success, warnings and the values that a test compares are passed over. The failure's own exit
    code and exception type count too.
    """
    knowledge = load_knowledge()
    hits = _distinct(chain(_from_outside(failure, knowledge), _from_text(text, numbers, knowledge)))
    return tuple(islice(hits, MAX_HITS))


def _from_text(text: str, numbers: list[int], knowledge: Knowledge) -> Iterator[CodeHit]:
    found = _find(text, knowledge)
    if not found:
        return
    lines = text.split("\n")
    starts = [0, *accumulate(len(line) + 1 for line in lines)]
    places = [bisect_right(starts, start) - 1 for start, _, _ in found]
    silent = _silent_lines(lines, set(places))
    for (start, end, entry), index in zip(found, places, strict=True):
        if index not in silent and start - starts[index] < find_asserted(lines[index]):
            yield _hit(entry, start, end, numbers[index] if index < len(numbers) else 0)


def _find(text: str, knowledge: Knowledge) -> list[tuple[int, int, Entry]]:
    found = [*_find_tokens(text), *knowledge.phrases.find(_lower(text)), *find_placed_codes(text, knowledge)]
    return sorted(found, key=lambda item: item[:2])


def _lower(text: str) -> str:
    lowered = text.lower()
    if len(lowered) != len(text):  # a few letters change length; the places of what is found would be wrong
        return "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
    return lowered


def _find_tokens(text: str) -> Iterator[tuple[int, int, Entry]]:
    for match in _TOKEN.finditer(text):
        token = match.group()
        entry = _recall_token(token) if len(token) <= _MAX_REMEMBERED_CHARS else _entry_of(token)
        if entry is not None:
            yield match.start(), match.end(), entry


def _entry_of(token: str) -> Entry | None:
    knowledge = load_knowledge()
    entry = knowledge.tokens.get(token) or _family(token, knowledge)
    if entry is None and not token.isalnum():
        parts = _PART.split(token)
        return knowledge.tokens.get(parts[-1]) or next(
            (knowledge.tokens[part] for part in parts if part in knowledge.tokens), None
        )
    return entry


_recall_token = lru_cache(_REMEMBERED_TOKENS)(_entry_of)


def _family(token: str, knowledge: Knowledge) -> Entry | None:
    for family in knowledge.families.get(token[:1], ()):
        if token.startswith(family.prefix) and family.pattern.fullmatch(token):
            return family.entry._replace(code=token)
    return None


def _from_outside(failure: Failure, knowledge: Knowledge) -> Iterator[CodeHit]:
    """Yield what the caller knew beside the text: the exit code and the exception's class."""
    code = None if failure.exit_code is None else name_exit_code(failure.exit_code)
    exception = (failure.exception_type or "").rsplit(".", 1)[-1]
    for table, name in (("exit", code), ("exception", exception)):
        if name and (entry := knowledge.codes.get(table, {}).get(name)):
            yield _hit(entry, -1, -1, 0)


def _hit(entry: Entry, start: int, end: int, line: int) -> CodeHit:
    return CodeHit(entry.table, entry.code, start, end, line, entry.type, entry.strength, entry.retryable)


def _silent_lines(lines: list[str], places: set[int]) -> set[int]:
    """Return which lines' words are no evidence, of those at ``places``; none when no other line is there."""
    silent = {index for index in places if _is_silent(lines[index])}
    return silent if any(line.strip() and not _is_silent(line) for line in lines) else set()


def _is_silent(line: str) -> bool:
    return is_healthy(line) or is_warning(line)


def _distinct(hits: Iterable[CodeHit]) -> Iterator[CodeHit]:
    """Yield the first hit of each code."""
    seen = set()
    for hit in hits:
        if (hit.table, hit.code) not in seen:
            seen.add((hit.table, hit.code))
            yield hit
