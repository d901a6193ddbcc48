"""Take out of a log line what terminals and CI systems put in: colours, time stamps, prefixes, progress bars."""

from __future__ import annotations

import re
from typing import NamedTuple

_ESCAPES = re.compile(
    r"\x1b\][^\x07\x1b]{0,4096}(?:\x07|\x1b\\)|\x1b_bk;t=\d+\x07|\x1b\[[0-?]{0,32}[ -/]{0,4}[@-~]|\x1b[@-Z\\-_]"
    # Colour codes whose escape character a copy and paste has lost.
    r"|(?<![\w\]])\[\d{1,3}(?:;\d{1,3}){0,6}m|\[0?m(?=\s|$)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f�]"
)
_DATE = r"\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?"
_PREFIXES = re.compile(
    r"\s{0,8}(?:"
    rf"[^\t\n]{{1,80}}\t[^\t\n]{{1,80}}\t\ufeff?{_DATE} ?"  # gh run view: job, step, time
    rf"|\ufeff?{_DATE}(?: \d\d[OE](?:\+|(?= )|$)|(?=\s|$))"  # GitHub, GitLab, Azure, most loggers
    rf"|\[(?:\w{{1,12}} )?{_DATE}\]"  # Jenkins timestamper, Taskcluster
    r"|\[?\d\d:\d\d:\d\d(?:[.,]\d{1,6})?\]?(?=\s)"
    r"|section_(?:start|end):\d+:[\w.\-\[\]=]+"  # GitLab folding
    r"|travis_(?:fold|time):[\w:.\-,=]+"
    r"|\#\d{1,3} \d{1,5}\.\d{1,4}(?=\s|$)"  # BuildKit: step, seconds
    r"|\[Pipeline\](?=\s)"
    r"|[\w.\-]{1,40}[_-]\d{1,3} {1,20}\|(?=\s|$)"  # docker compose
    r"|[│╷╵┃|](?=\s)(?!\s*\^)(?!\s*$)"  # Terraform's boxes
    r")"
)
_MARK = re.compile(
    r"\s{0,8}(?:##\[(?P<hash>[a-z]{1,12})\]|##vso\[task\.(?P<vso>logissue|complete)(?P<warning>[^\]\n]{0,400}type=warning)?[^\]\n]{0,400}\]|::(?P<colon>error|warning|notice|debug|group|endgroup|command)(?: [^:\n]{0,400})?::)"
)
_PROGRESS = re.compile(
    r"(?:^|\s)(?:\d{1,3}(?:\.\d)?%|\d{1,6}/\d{1,6})\s*[|\[(]|[█━▏▎▍▌▋▊▉#=]{8,}[>\s|\]]|[⠁-⣿]\s|\b\d+(?:\.\d+)?\s?[kMG]i?B/s\b"
)
_MAX_PREFIXES = 5


class CleanLine(NamedTuple):
    """Pair a line's own text with the level its CI system gave it."""

    text: str
    mark: str | None
    """``error``, ``warning``, ``group``, ``command``, ...; None without a mark."""


def clean_line(line: str) -> CleanLine:
    """Return what the tool itself printed on this line, without trailing white space."""
    if not line.isascii() or not line.isprintable() or "[" in line:
        line = _ESCAPES.sub("", line)
    start = 0
    for _ in range(_MAX_PREFIXES):
        match = _PREFIXES.match(line, start)
        if match is None:
            break
        start = match.end()
    mark = None
    if found := _MARK.match(line, start):
        mark = found["hash"] or found["colon"] or _azure_level(found)
        start = found.end()
    text = line[start:] if start else line
    # One space after a stamp belongs to the stamp; further ones are the tool's own indentation.
    return CleanLine((text[1:] if start and text[:1] == " " else text).rstrip(), mark)


def _azure_level(found: re.Match[str]) -> str:
    if found["vso"] != "logissue":
        return "command"
    return "warning" if found["warning"] else "error"


def split_overwritten(line: str) -> list[str]:
    """Split a line at its carriage returns into what was shown one after the other, without progress bars.

    A file whose lines end in CR only comes as one line, so nothing but progress is dropped.
    """
    if "\r" not in line:
        return [line]
    parts = [part for part in line.split("\r") if part.strip() and not is_progress(part)]
    return parts or [""]


def is_progress(line: str) -> bool:
    """Tell whether a line is a progress bar or spinner."""
    return _PROGRESS.search(line) is not None
