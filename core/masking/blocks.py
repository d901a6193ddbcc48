"""Private keys that stand between marks, whole or cut off at either end."""

from __future__ import annotations

import re

_MARK = "[masked:private-key]"
_LABEL = r"(?:[A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?|OpenVPN Static key V1)"
_BEGIN = re.compile(
    rf"-----BEGIN {_LABEL}-----|---- BEGIN SSH2 [A-Z ]{{0,20}}PRIVATE KEY ----|\bPrivate-Lines: \d{{1,4}}\b"
)
_END = re.compile(
    rf"-----END {_LABEL}-----|---- END SSH2 [A-Z ]{{0,20}}PRIVATE KEY ----|\bPrivate-MAC: [0-9a-f]{{32,64}}"
)
_HINTS = ("PRIVATE KEY", "Private-", "OpenVPN Static")
_MAX_BODY_CHARS = 32_000
_BASE64 = re.compile(r"[A-Za-z0-9+/=]{16}")
# A line of a key, with what a CI system may put before it.
_BODY_LINE = r"[^\n]{0,120}?[A-Za-z0-9+/=]{32,}+\S*+[ \t\r]*+"
_CUT_BODY = re.compile(rf"(?:\\[rn]|[ \t\r])*+(?:(?:\n[ \t\r]*+)?{_BODY_LINE}(?=\n|\Z))*+")
_CUT_LINE = re.compile(_BODY_LINE)


def mask_blocks(text: str) -> str:
    """Replace private keys by one mark each and keep the line feeds that they held."""
    if not any(hint in text for hint in _HINTS):
        return text
    pieces: list[str] = []
    begins = list(_BEGIN.finditer(text))
    done = 0
    for begin, limit in zip(begins, [*(later.start() for later in begins[1:]), len(text)], strict=False):
        end = _end_of_key(text, begin.end(), limit)
        pieces += _mask_headless(text[done : begin.start()]), _masked(text[begin.start() : end])
        done = end
    return "".join(pieces) + _mask_headless(text[done:])


def _end_of_key(text: str, body: int, limit: int) -> int:
    """Return where the key whose body starts at ``body`` ends: at its end mark, or with its last line of base64."""
    end = _END.search(text, body, min(limit, body + _MAX_BODY_CHARS))
    if end and (_BASE64.search(text, body, end.start()) or end.start() - body < 400):
        return end.end()
    cut = _CUT_BODY.match(text, body, limit)
    return cut.end() if cut else body


def _mask_headless(text: str) -> str:
    """Mask the base64 lines before an end mark whose begin mark is not there."""
    pieces: list[str] = []
    done = 0
    for end in _END.finditer(text):
        start = _start_of_body(text, done, end.start())
        pieces += text[done:start], _masked(text[start : end.end()])
        done = end.end()
    return "".join(pieces) + text[done:]


def _start_of_body(text: str, floor: int, end: int) -> int:
    start = end = max(text.rfind("\n", floor, end) + 1, floor)
    while start > floor:
        line = max(text.rfind("\n", floor, start - 1) + 1, floor)
        # The last line of a key may be short.
        if not (_CUT_LINE.fullmatch(text, line, start - 1) or (start == end and start - line < 64)):
            break
        start = line
    return start


def _masked(block: str) -> str:
    return _MARK + "\n" * block.count("\n")
