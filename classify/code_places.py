"""Find numbers and short codes that mean something only in their place: HTTP status, SQLSTATE, exit code, errno, ..."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ..core.failure import signal_name
from ..core.text import fold_case
from .knowledge import Entry, Knowledge

_STATUS = re.compile(r"[45]\d\d\b")
_STATUS_PLACES = (
    re.compile(
        r"(?i)(?:\bHTTP(?:/\d(?:\.\d)?)?(?: error| status| code)*[ :=]+|\bstatus(?:[ _-]?code)?['\"]?\)?\s?[:=]?\s?(?:is |of |was |['\"])?|\bresponse(?: status)?(?: code)?[ :=]{1,3}(?:was )?"
        r"|returned error: |\bfailed with (?:status )?|\bcode[ =:]{1,3}|\berror[ :]{1,3}\(?|\bE|\bgot )([45]\d\d)\b"
    ),
    re.compile(
        r"\b(?:GET|PUT|POST|HEAD|DELETE|PATCH) \S{1,300} - ([45]\d\d)\b|\breturned an? ([45]\d\d)\b|StatusCode\(([45]\d\d)\)"
    ),
    re.compile(
        r"(?i)\b([45]\d\d)[ :]\s?(?:bad request|unauthorized|payment required|forbidden|not found|method not allowed|proxy auth|request time|conflict|gone|payload too|request entity"
        r"|unprocessable|too many|client error|server error|internal server|not implemented|bad gateway|service (?:temporarily )?unavailable|gateway time)"
    ),
)


class _Place(NamedTuple):
    table: str
    hints: tuple[str, ...]
    """In lower case: a text without all of them has no such place. Plain searches are much faster than a pattern."""
    pattern: re.Pattern[str]


_PLACES = (
    _Place("sqlstate", ("sqlstate", "sql state"), re.compile(r"(?i)SQL ?STATE[\[:=( ]{1,3}['\"]?([0-9A-Z]{5})\b")),
    _Place("sqlstate", ("error ",), re.compile(r"ERROR \d{4} \(([0-9A-Z]{5})\)")),
    _Place("sqlstate", ("code:",), re.compile(r"\bcode: ?'([0-9A-Z]{5})'")),
    _Place("grpc", ("code =", "code="), re.compile(r"\bcode ?= ?([A-Z][A-Za-z]+)\b")),
    _Place("grpc", ("statuscode.",), re.compile(r"\bStatusCode\.([A-Z_]{5,20})\b")),
    _Place("grpc", ("",), re.compile(r"\b\d{1,2} ([A-Z_]{5,20})\b")),
    _Place("curl", ("curl: (",), re.compile(r"\bcurl: \((\d{1,2})\)")),
    _Place(
        "exit",
        ("exit", "return code", "error code"),
        re.compile(
            r"(?i)\bexit(?:ed|s|ing)?(?: with)?(?: an?)?(?: non-?zero)?(?: error)?(?: (?:code|status))*[ :=]{1,3}\(?(-?\d{1,10})\b|\b(?:return|error) code:? (\d{1,3})$"
        ),
    ),
    _Place(
        "mysql",
        ("error ", "error: ("),
        re.compile(r"\bERROR (\d{4}) \(|(?i:\berror code: )(\d{4})\b|Error: \((\d{4}), [\"']"),
    ),
    _Place(
        "sqlserver",
        ("msg ", "error number:"),
        re.compile(r"\bMsg (\d{3,5}), Level \d|(?i:\berror number: ?)(\d{3,5})\b"),
    ),
    _Place("systemd", ("status=",), re.compile(r"\bstatus=(\d{3}/[A-Z_]+)")),
    _Place("windows", ("0x",), re.compile(r"\b(0x[0-9A-Fa-f]{8})\b")),
    _Place("signal", ("signal",), re.compile(r"(?i)\bsignal[: ]{1,2}(?:\w{1,12} \()?(\d{1,2})\b")),
)
# A full stop before "(os error 5)" is Windows' wording, whose numbers mean something else.
_ERRNO_PLACE = re.compile(r"(?i)(?<!\. \()\bos error (\d{1,3})\b|\[Errno (-?\d{1,3})\]")
_ERRNO_NUMBERS = {
    1: "EPERM", 2: "ENOENT", 5: "EIO", 11: "EAGAIN", 12: "ENOMEM", 13: "EACCES", 17: "EEXIST", 20: "ENOTDIR", 21: "EISDIR",
    23: "ENFILE", 24: "EMFILE", 26: "ETXTBSY", 27: "EFBIG", 28: "ENOSPC", 30: "EROFS", 32: "EPIPE", 98: "EADDRINUSE",
    99: "EADDRNOTAVAIL", 101: "ENETUNREACH", 103: "ECONNABORTED", 104: "ECONNRESET", 110: "ETIMEDOUT", 111: "ECONNREFUSED",
    112: "EHOSTDOWN", 113: "EHOSTUNREACH", 122: "EDQUOT", -2: "ENOTFOUND", -3: "EAI_AGAIN",
}  # fmt: skip


def find_placed_codes(text: str, knowledge: Knowledge) -> Iterator[tuple[int, int, Entry]]:
    """Yield (start, end, entry) of each such code that the tables know, in no order."""
    folded = fold_case(text)
    for table, pattern in _patterns_for(text, folded):
        for match in pattern.finditer(text):
            group = match.lastindex or 0
            entry = _look_up(table, match[group], knowledge)
            if entry is not None:
                yield match.start(group), match.end(group), entry
    if "os error " in folded or "[errno " in folded:
        yield from _find_error_numbers(text, knowledge)


def _patterns_for(text: str, folded: str) -> Iterator[tuple[str, re.Pattern[str]]]:
    """Yield the patterns that may find something, in their order."""
    if _STATUS.search(text):
        yield from (("http", pattern) for pattern in _STATUS_PLACES)
    for table, hints, pattern in _PLACES:
        for hint in hints:
            if hint in folded:
                yield table, pattern
                break


def _find_error_numbers(text: str, knowledge: Knowledge) -> Iterator[tuple[int, int, Entry]]:
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
        return entries.get(code) or entries.get(name_exit_code(int(code)))
    if table == "windows":
        code = f"0x{code[2:].upper()}"
    return entries.get(code)


def name_exit_code(exit_code: int) -> str:
    """Return an exit code as the shell reports it: 137 for -9."""
    return str(128 - exit_code if exit_code < 0 else exit_code)
