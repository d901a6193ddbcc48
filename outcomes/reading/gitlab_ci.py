"""Read raw traces of GitLab jobs: plain, packed by gzip, or many in a zip or tar archive."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...core.types import Context
from .cells import parse_int, parse_time
from .history_file import Row
from .job_logs import any_log_matches, iter_job_logs
from .source import Source

# Newer runners put a time and a stream's number and kind before each line; colours and the ends of sections may follow.
_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z"
_MARK = r"\x1b\[[\d;]{0,12}[mK]|\r|section_(?:start|end):\d{1,12}:[\w.\-]{1,100}(?:\[[^\]\n]{0,100}\])?"
_BEFORE = rf"(?:{_TIME} \d\d[OE][+ ]?)?(?:{_MARK}){{0,8}}"
_SIGN = rf"(?:^|\0){_BEFORE}(?:section_start:\d{{1,12}}:\w|Running with gitlab-runner )"
_SIGN_IN_BYTES = re.compile(_SIGN.encode(), re.MULTILINE)
_SIGN_IN_TEXT = re.compile(_SIGN, re.MULTILINE)
_END = re.compile(rf"^{_BEFORE}(?:(?P<success>Job succeeded)\b|ERROR: Job failed(?P<how>[^\n]{{0,400}}))", re.MULTILINE)
_EXIT = re.compile(r"exit (?:code|status) (-?\d{1,10})\b")
_SECTION_TIME = re.compile(r"section_start:(\d{1,12}):")
_LINE_TIME = re.compile(rf"^({_TIME}) \d\d[OE]", re.MULTILINE)
_END_CHARS = 4096
"""Where the last line is looked for: nothing but a clean-up follows it."""


def recognises(source: Source) -> bool:
    """Tell whether a log opens a section, or greets, as GitLab's runner does."""
    return any_log_matches(source, _SIGN_IN_BYTES)


def read(source: Source) -> Iterator[Row]:
    """Yield one row per trace of a job that failed, or of which the trace does not tell how it ended."""
    for place, text in iter_job_logs(source):
        end = _find_end(text)
        if problem := _find_problem(text, end):
            source.skipped.add(problem, place)
        else:
            yield _row(text, place, end)


def _find_end(text: str) -> re.Match[str] | None:
    ends = list(_END.finditer(text, max(0, len(text) - _END_CHARS)))
    return ends[-1] if ends else None


def _find_problem(text: str, end: re.Match[str] | None) -> str | None:
    if end is None:
        return None if _SIGN_IN_TEXT.search(text) else "no trace of a GitLab job"
    return "the job succeeded" if end["success"] else None


def _row(text: str, place: str, end: re.Match[str] | None) -> Row:
    how = end["how"] if end else ""
    code = _EXIT.search(how)
    time = _SECTION_TIME.search(text) or _LINE_TIME.search(text)
    return Row(
        text,
        place,
        success=False if end else None,
        time=parse_time(time[1]) if time else None,
        exit_code=parse_int(code[1]) if code else None,
        context=Context(cancelled="cancel" in how),
    )
