"""Replace what varies between two runs of the same failure by placeholders."""

from __future__ import annotations

import re
from functools import lru_cache

# Like \b after a word, but a placeholder's edge is none: masking masked text must change nothing.
_TO = r"\b(?!<)"
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_CLOCK = r"\d\d:\d\d:\d\d(?:[.,]\d+)?"
_TOP_LEVELS = "com|org|net|io|dev|local|internal|example|test|svc|cloud|app|co|ai|de|uk|corp|lan|cluster"
_COUNT = rf"\d[\d_,]*(?:\.\d+)?(?={_TO}|[a-zA-Z]{{1,4}}(?![\w<]))"
# What a match begins with decides which kinds are tried at all, and in which order: the order is their precedence.
_MASKS = re.compile(
    r"\[(?:(?P<secret>masked:[\w\-]+\])"
    rf"|(?P<bracketed_ip>[0-9a-fA-F:]{{3,45}}\](?::\d{{1,5}}{_TO})?))"
    # At the start of a word, where the edge of a placeholder is none.
    r"|(?<![\w>])(?=\w)(?:"
    r"(?P<url>[a-z][a-z0-9+.\-]{1,20}://[^\s'\"<>()\[\]{}]{1,2000})"
    rf"|(?P<uuid>[0-9a-fA-F]{{8}}-[0-9a-fA-F]{{4}}-[0-9a-fA-F]{{4}}-[0-9a-fA-F]{{4}}-[0-9a-fA-F]{{12}}{_TO})"
    rf"|(?P<time>(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? )?{_MONTH} {{1,2}}\d{{1,2}} {_CLOCK}(?: \d{{4}})?{_TO}"
    rf"|\d{{4}}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?{_TO}"
    rf"|\d?\d:\d\d:\d\d(?:[.,]\d+)?{_TO})"
    rf"|(?P<email>[\w.+\-]{{1,64}}@[\w\-]{{1,63}}(?:\.[\w\-]{{1,63}}){{1,5}}{_TO})"
    rf"|(?P<ip>\d{{1,3}}\.\d{{1,3}}\.\d{{1,3}}\.\d{{1,3}}(?::\d{{1,5}})?{_TO})"
    r"|(?P<digest>sha(?:1|256|384|512)[:\-][0-9A-Za-z+/=]{16,})"
    rf"|(?P<hex>0x[0-9a-fA-F]+{_TO}|(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{{7,64}}{_TO}"
    rf"|(?=[0-9A-F]*\d)(?=[0-9A-F]*[A-F])[0-9A-F]{{12,64}}{_TO})"
    r"|(?P<path>(?<!<)[A-Za-z]:[\\/](?:[\w.@+\-~%]+[\\/]?)+"
    # Only from the start of a run: from each of its places, a long one would take quadratic time.
    r"|(?<![.@+\-])[\w.@+\-]+(?:/[\w.@+\-]+){2,}|(?<![.\-])[\w.\-]+(?:\\[\w.\-]+){2,})"
    r"|(?P<host>(?:[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?\.){1,6}"
    rf"(?:{_TOP_LEVELS})\b(?:\.[a-z]{{2,8}}){{0,3}}(?::\d{{1,5}})?{_TO})"
    rf"|(?P<version>v?\d+\.\d+(?:\.\d+)*(?:[-+.][\w.]+)?{_TO})"
    rf"|(?P<number>{_COUNT}))"
    r"|(?P<rooted_path>(?<![\w<>])(?:~[\\/]|\.{1,2}[\\/]|[\\/](?=[\w.@+\-]))(?:[\w.@+\-~%]+[\\/]?)+"
    r"|(?<![\w.@+\->])(?=[.@+\-])[\w.@+\-]+(?:/[\w.@+\-]+){2,}"
    r"|(?<![\w.\->])(?=[.\-])[\w.\-]+(?:\\[\w.\-]+){2,})"
    rf"|(?P<signed_number>(?<![\w>])[-+]{_COUNT}|(?<=[A-Za-z_-])\d{{3,}})"
)
_PLACEHOLDERS = {"bracketed_ip": "<ip>", "digest": "<hex>", "uuid": "<hex>", "signed_number": "<number>"}
_EXTENSION = re.compile(r"\.([A-Za-z]{1,10}|[A-Za-z]{1,4}\d{1,2})(?::\d|$|\))")
# Every match holds one of these, and none but times with a clock holds a blank.
_HINT = re.compile(r"[\d/\\@\[.]|-[a-fA-F]{4}-")
_CLOCK_AFTER_BLANK = re.compile(r" \d\d:\d\d")
# Lines are masked several times on the way from a log to its prediction, and most words come again and again.
_REMEMBERED_LINES, _REMEMBERED_WORDS = 1_024, 16_384
_MAX_LINE_CHARS, _MAX_WORD_CHARS = 400, 40


def mask_variables(text: str) -> str:
    """Return ``text`` with URLs, hosts, paths, hashes, times, versions and numbers as placeholders.

    A path keeps the extension of its file, for that says what kind of file it was. Idempotent.
    """
    return "\n".join([_mask_line(line) for line in text.split("\n")])


def _mask_line(line: str) -> str:
    return _recall_line(line) if len(line) <= _MAX_LINE_CHARS else _mask_new_line(line)


def _mask_new_line(line: str) -> str:
    if ":" in line and _CLOCK_AFTER_BLANK.search(line):
        return _MASKS.sub(_placeholder, line)
    return " ".join([_mask_word(word) for word in line.split(" ")])


def _mask_word(word: str) -> str:
    return _recall_word(word) if len(word) <= _MAX_WORD_CHARS else _mask_new_word(word)


def _mask_new_word(word: str) -> str:
    return _MASKS.sub(_placeholder, word) if _HINT.search(word) else word


_recall_line = lru_cache(_REMEMBERED_LINES)(_mask_new_line)
_recall_word = lru_cache(_REMEMBERED_WORDS)(_mask_new_word)


def _placeholder(match: re.Match[str]) -> str:
    kind = match.lastgroup or ""
    if kind in ("path", "rooted_path"):
        found = _EXTENSION.search(match.group())
        return f"<path>.{found[1].lower()}" if found else "<path>"
    return _PLACEHOLDERS.get(kind) or f"<{kind}>"
