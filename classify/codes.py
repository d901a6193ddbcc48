"""Find exact codes in a text: errno names, HTTP status, SQLSTATE, exit codes, exception classes, tools' own codes."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from ..core.failure import signal_name
from ..core.types import CodeHit, Failure
from .knowledge import Entry, Knowledge, load_knowledge
from .scoring import is_healthy, is_warning

MAX_HITS = 60

_TOKEN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:(?:[.:$]{1,2}|-)[A-Za-z0-9_]+)*")
_PART = re.compile(r"[.:$]+")
_WORD = re.compile(r"\w+")

# Where a number or a short code stands for what its table says; each pattern has one group.
_PLACES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "http",
        re.compile(
            r"(?i)(?:\bHTTP(?:/\d(?:\.\d)?)?(?: error| status| code)*[ :=]+|\bstatus(?:[ _-]?code)?['\"]?\)?\s?[:=]?\s?(?:is |of |was )?|\bresponse(?: status)?(?: code)?[ :=]{1,3}(?:was )?"
            r"|returned error: |\bfailed with (?:status )?|\bcode[ =:]{1,3}|\berror[ :]{1,3}\(?|\bE|\bgot )([45]\d\d)\b"
        ),
    ),
    (
        "http",
        re.compile(
            r"(?i)\b([45]\d\d)[ :]\s?(?:bad request|unauthorized|payment required|forbidden|not found|method not allowed|proxy auth|request time|conflict|gone|payload too|request entity"
            r"|unprocessable|too many|client error|server error|internal server|not implemented|bad gateway|service (?:temporarily )?unavailable|gateway time)"
        ),
    ),
    ("sqlstate", re.compile(r"(?i)SQL ?STATE[\[:=( ]{1,3}['\"]?([0-9A-Z]{5})\b")),
    ("sqlstate", re.compile(r"ERROR \d{4} \(([0-9A-Z]{5})\)")),
    ("sqlstate", re.compile(r"\bcode: ?'([0-9A-Z]{5})'")),
    ("grpc", re.compile(r"\bcode ?= ?([A-Z][A-Za-z]+)\b")),
    ("grpc", re.compile(r"\b(?:StatusCode\.|\d{1,2} )([A-Z_]{5,20})\b")),
    ("curl", re.compile(r"\bcurl: \((\d{1,2})\)")),
    (
        "exit",
        re.compile(
            r"(?i)\bexit(?:ed|s|ing)?(?: with)?(?: an?)?(?: non-?zero)?(?: error)?(?: (?:code|status))*[ :=]{1,3}\(?(-?\d{1,10})\b|\b(?:return|error) code:? (\d{1,3})$"
        ),
    ),
    ("mysql", re.compile(r"\bERROR (\d{4}) \(|(?i:\berror code: )(\d{4})\b|Error: \((\d{4}), [\"']")),
    ("sqlserver", re.compile(r"\bMsg (\d{3,5}), Level \d|(?i:\berror number: ?)(\d{3,5})\b")),
    ("systemd", re.compile(r"\bstatus=(\d{3}/[A-Z_]+)")),
    ("windows", re.compile(r"\b(0x[0-9A-Fa-f]{8})\b")),
    ("signal", re.compile(r"(?i)\bsignal[: ]{1,2}(?:\w{1,12} \()?(\d{1,2})\b")),
)
# A full stop before "(os error 5)" is Windows' wording, whose numbers mean something else.
_ERRNO_PLACE = re.compile(r"(?i)(?<!\. \()\bos error (\d{1,3})\b|\[Errno (-?\d{1,3})\]")
_ERRNO_NUMBERS = {
    1: "EPERM", 2: "ENOENT", 5: "EIO", 11: "EAGAIN", 12: "ENOMEM", 13: "EACCES", 17: "EEXIST", 20: "ENOTDIR", 21: "EISDIR",
    23: "ENFILE", 24: "EMFILE", 26: "ETXTBSY", 27: "EFBIG", 28: "ENOSPC", 30: "EROFS", 32: "EPIPE", 98: "EADDRINUSE",
    99: "EADDRNOTAVAIL", 101: "ENETUNREACH", 103: "ECONNABORTED", 104: "ECONNRESET", 110: "ETIMEDOUT", 111: "ECONNREFUSED",
    112: "EHOSTDOWN", 113: "EHOSTUNREACH", 122: "EDQUOT", -2: "ENOTFOUND", -3: "EAI_AGAIN",
}  # fmt: skip


def find_codes(text: str, numbers: list[int], failure: Failure) -> tuple[CodeHit, ...]:
    """Return the codes of a region, in the order of the text; ``numbers`` are the source lines of its lines.

    Lines that report a success, and warnings, are passed over. The failure's own exit code and exception type count too.
    """
    knowledge = load_knowledge()
    hits = _distinct(chain(_from_outside(failure, knowledge), _from_text(text, numbers, knowledge)))
    return tuple(islice(hits, MAX_HITS))


def _from_text(text: str, numbers: list[int], knowledge: Knowledge) -> Iterator[CodeHit]:
    starts = _line_starts(text)
    silent = _silent_lines(text)
    for start, end, entry in _find(text, knowledge):
        index = bisect_right(starts, start) - 1
        if index not in silent:
            yield _hit(entry, start, end, numbers[index] if index < len(numbers) else 0)


def _find(text: str, knowledge: Knowledge) -> list[tuple[int, int, Entry]]:
    found = [*_find_tokens(text, knowledge), *_find_phrases(text, knowledge), *_find_places(text, knowledge)]
    return sorted(found, key=lambda item: item[:2])


def _find_tokens(text: str, knowledge: Knowledge) -> Iterator[tuple[int, int, Entry]]:
    for match in _TOKEN.finditer(text):
        token = match.group()
        entry = knowledge.tokens.get(token) or _family(token, knowledge)
        if entry is None and not token.isalnum():
            parts = _PART.split(token)
            entry = knowledge.tokens.get(parts[-1]) or next(
                (knowledge.tokens[part] for part in parts if part in knowledge.tokens), None
            )
        if entry is not None:
            yield match.start(), match.end(), entry


def _family(token: str, knowledge: Knowledge) -> Entry | None:
    for family in knowledge.families.get(token[:1], ()):
        if token.startswith(family.prefix) and family.pattern.fullmatch(token):
            return family.entry._replace(code=token)
    return None


def _find_phrases(text: str, knowledge: Knowledge) -> Iterator[tuple[int, int, Entry]]:
    lowered = text.lower()
    if len(lowered) != len(text):  # a few letters change length; their places would be wrong
        lowered = "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
    for match in _WORD.finditer(lowered):
        for phrase, entry in knowledge.phrases.get(match.group(), ()):
            if lowered.startswith(phrase, match.start()):
                yield match.start(), match.start() + len(phrase), entry
                break


def _find_places(text: str, knowledge: Knowledge) -> Iterator[tuple[int, int, Entry]]:
    for table, pattern in _PLACES:
        for match in pattern.finditer(text):
            code = next(group for group in match.groups() if group)
            entry = _look_up(table, code, knowledge)
            if entry is not None:
                yield match.start(match.lastindex or 0), match.end(match.lastindex or 0), entry
    for match in _ERRNO_PLACE.finditer(text):
        name = _ERRNO_NUMBERS.get(int(match[1] or match[2]))
        entry = knowledge.codes.get("errno", {}).get(name or "")
        if entry is not None:
            yield match.start(), match.end(), entry


def _look_up(table: str, code: str, knowledge: Knowledge) -> Entry | None:
    if table == "signal":
        name = signal_name(-int(code))
        return knowledge.codes.get("signal", {}).get(name or "")
    entries = knowledge.codes.get(table, {})
    if table == "sqlstate":
        known = entries.get(code.upper()) or entries.get(code.upper()[:2])
        return known._replace(code=code.upper()) if known else None
    if table == "exit" and code.startswith("-"):
        return entries.get(code) or entries.get(_shell_code(int(code)))
    if table == "windows":
        code = f"0x{code[2:].upper()}"
    return entries.get(code)


def _shell_code(exit_code: int) -> str:
    """Return an exit code as the shell reports it: 137 for -9."""
    return str(128 - exit_code if exit_code < 0 else exit_code)


def _from_outside(failure: Failure, knowledge: Knowledge) -> Iterator[CodeHit]:
    """Yield what the caller knew beside the text: the exit code and the exception's class."""
    code = None if failure.exit_code is None else _shell_code(failure.exit_code)
    exception = (failure.exception_type or "").rsplit(".", 1)[-1]
    for table, name in (("exit", code), ("exception", exception)):
        if name and (entry := knowledge.codes.get(table, {}).get(name)):
            yield _hit(entry, -1, -1, 0)


def _hit(entry: Entry, start: int, end: int, line: int) -> CodeHit:
    return CodeHit(entry.table, entry.code, start, end, line, entry.type, entry.strength, entry.retryable)


def _line_starts(text: str) -> list[int]:
    return [0, *(match.end() for match in re.finditer(r"\n", text))]


def _silent_lines(text: str) -> set[int]:
    """Return the indexes of lines whose words are no evidence, unless no other line is there."""
    lines = text.split("\n")
    silent = {index for index, line in enumerate(lines) if is_healthy(line) or is_warning(line)}
    return silent if len(silent) < sum(bool(line.strip()) for line in lines) else set()


def _distinct(hits: Iterable[CodeHit]) -> Iterator[CodeHit]:
    """Yield the first hit of each code."""
    seen = set()
    for hit in hits:
        if (hit.table, hit.code) not in seen:
            seen.add((hit.table, hit.code))
            yield hit
