"""Read off a failure all that needs no statistics."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace
from itertools import accumulate

from ..core.types import Abstention, CodeHit, Failure, Region, Signals
from .blocks import says_little
from .codes import find_codes
from .failing_tests import find_failing_tests, hide_test_names
from .fingerprint import compute_fingerprint
from .log_line import LogLine, is_quiet
from .masks import mask_variables
from .reading import read_lines
from .region import Located, find_region, names_a_failure
from .retry_after import find_retry_after
from .scoring import is_healthy
from .tags import tags_of_codes
from .tool import detect_tool

_CUT_END = re.compile(r"(?:\.\.\.|…|\[truncated\]|\(truncated\)|\[output truncated\])\s*$", re.IGNORECASE)
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f�]")


def extract_signals(failure: Failure) -> Signals:
    """Return the failing region, its masked text and fingerprint, and the exact evidence found in it.

    The failure's secrets must have been masked before (``core.failure.mask_failure``).
    """
    if _is_binary(failure.text):
        return _without_text("no_log", failure)
    lines = read_lines(failure)
    located = find_region(lines)
    region = located.region
    if not region.text.strip():
        return _without_text("empty", failure)
    read = "\n".join(located.lines[index].text for index in located.focus)
    tests = find_failing_tests(region.text)
    codes = _find_codes(located, hide_test_names(read, tests), failure)
    tool = detect_tool(read)
    gap = _find_gap(lines, codes)
    fingerprint = compute_fingerprint(region, _headline(lines, located), codes, tests)
    return Signals(
        region=region,
        masked_text=mask_variables(read),
        fingerprint=None if gap in ("no_log", "no_match") else fingerprint,
        codes=codes,
        tool=tool or (detect_tool(region.text) if read != region.text else None),
        retry_after=find_retry_after(region.text, now=failure.time),
        failing_tests=tests,
        gap=gap,
        tags=_tags(codes, tool, tests, failure),
        focus=located.focus,
    )


def _is_binary(text: str) -> bool:
    sample = text[:65_536]
    return text == "\0" or (len(_BINARY.findall(sample)) > 0.05 * len(sample) and bool(sample))


def _without_text(gap: Abstention, failure: Failure) -> Signals:
    """Answer for a failure whose output says nothing; its exit code may still."""
    codes = find_codes("", [], failure)
    return Signals(Region("", 0, 0), "", None, codes, gap=gap, tags=_tags(codes, None, (), failure))


def _find_codes(located: Located, read: str, failure: Failure) -> tuple[CodeHit, ...]:
    """Return the codes of the focus, whose text is ``read``, at their places in the region's text."""
    starts = [0, *accumulate(len(line.text) + 1 for line in located.lines)]
    ends = list(accumulate(len(located.lines[index].text) + 1 for index in located.focus))
    hits = find_codes(read, [located.lines[index].number for index in located.focus], failure)
    return tuple(_shift(hit, starts, ends, located.focus) for hit in hits)


def _shift(hit: CodeHit, starts: list[int], ends: list[int], focus: tuple[int, ...]) -> CodeHit:
    if hit.start < 0:
        return hit
    line = bisect_right(ends, hit.start)
    offset = starts[focus[line]] - (ends[line - 1] if line else 0)
    return replace(hit, start=hit.start + offset, end=hit.end + offset)


def _headline(lines: list[LogLine], located: Located) -> str:
    """Return the line that best explains the failure: the best ranked one that is not generic."""
    # Several lines share a number where lines end in CR only: the best of them stands for it, the first of equals.
    best_last = sorted(enumerate(lines), key=lambda pair: (pair[1].score, -pair[0]))
    texts = {line.number: line.text for _, line in best_last}
    ranked = [texts[number] for number in located.region.cause_lines if number in texts]
    plain = located.lines[located.focus[0]].text
    return next((text for text in ranked if not says_little(text)), ranked[0] if ranked else plain)


def _find_gap(lines: list[LogLine], codes: tuple[CodeHit, ...]) -> Abstention | None:
    """Say why the text cannot name a cause, or None when it may."""
    if any(hit.type for hit in codes) or names_a_failure(lines):
        return None
    meaningful = [line for line in lines if line.text.strip()]
    telling = [line for line in meaningful if not is_quiet(line)]
    if telling and all(says_little(line.text) for line in telling):
        return "no_log"
    if _CUT_END.search(meaningful[-1].text):
        return "truncated"
    return "no_match" if not telling and any(is_healthy(line.text) for line in meaningful) else None


def _tags(codes: tuple[CodeHit, ...], tool: str | None, tests: tuple[str, ...], failure: Failure) -> tuple[str, ...]:
    """Return the model's features beside words: codes, what they point to, and how surely; tool, tests, exit code."""
    tags = list(tags_of_codes(codes))
    if tool:
        tags.append(f"tool:{tool}")
    if tests:
        tags.append("failing-tests")
    if failure.exit_code is not None:
        tags.append(f"exit:{failure.exit_code}")
    return tuple(dict.fromkeys(tags))
