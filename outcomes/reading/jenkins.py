"""Read consoles of Jenkins builds: plain, packed by gzip, or many in a zip or tar archive."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...core.types import Context
from .cells import parse_int, parse_time
from .history_file import Row
from .job_logs import any_log_matches, iter_job_logs
from .source import Source

# The timestamper's prefix, and a hidden note that the raw log of the server keeps.
_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z"
_BEFORE = rf"(?:\[{_TIME}\] ?)?(?:\x1b\[8mha:[^\x1b\n]{{0,4096}}\x1b\[0m)?"
_SIGN = rf"(?:\A|\0)\s{{0,20}}{_BEFORE}Started (?:by|from) \S|(?:^|\0){_BEFORE}\[Pipeline\] \S"
_SIGN_IN_BYTES = re.compile(_SIGN.encode(), re.MULTILINE)
_SIGN_IN_TEXT = re.compile(_SIGN, re.MULTILINE)
_END = re.compile(rf"^{_BEFORE}Finished: (SUCCESS|FAILURE|UNSTABLE|ABORTED|NOT_BUILT)\s{{0,20}}\Z", re.MULTILINE)
_EXIT = re.compile(rf"^{_BEFORE}ERROR: script returned exit code (-?\d{{1,10}})\b", re.MULTILINE)
_LINE_TIME = re.compile(rf"^\[({_TIME})\]", re.MULTILINE)
_END_CHARS = 4096
_HEALTHY = {"SUCCESS": "the job succeeded", "NOT_BUILT": "the job did not run"}


def recognises(source: Source) -> bool:
    """Tell whether a log begins by saying who started it, or names a step of a pipeline, as Jenkins does."""
    return any_log_matches(source, _SIGN_IN_BYTES)


def read(source: Source) -> Iterator[Row]:
    """Yield one row per console of a build that failed, is unstable, was aborted, or does not tell how it ended."""
    for place, text in iter_job_logs(source):
        end = _END.search(text, max(0, len(text) - _END_CHARS))
        result = end[1] if end else None
        if problem := _find_problem(text, result):
            source.skipped.add(problem, place)
        else:
            yield _row(text, place, result)


def _find_problem(text: str, result: str | None) -> str | None:
    if result is None:
        return None if _SIGN_IN_TEXT.search(text) else "no console of a Jenkins build"
    return _HEALTHY.get(result)


def _row(text: str, place: str, result: str | None) -> Row:
    codes = _EXIT.findall(text)
    time = _LINE_TIME.search(text)
    return Row(
        text,
        place,
        success=None if result is None else False,
        time=parse_time(time[1]) if time else None,
        exit_code=parse_int(codes[-1]) if codes else None,
        context=Context(cancelled=result == "ABORTED"),
    )
