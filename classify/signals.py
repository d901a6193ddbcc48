"""Read off a failure all that needs no statistics."""

from __future__ import annotations

import re

from ..core.types import Abstention, CodeHit, Failure, Region, Signals
from .codes import find_codes
from .failing_tests import find_failing_tests
from .fingerprint import compute_fingerprint
from .focus import find_focus
from .masks import mask_variables
from .region import MAX_REGION_CHARS, LogLine, find_region, names_a_failure, read_lines
from .retry_after import find_retry_after
from .scoring import is_generic, is_healthy
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
    region, chosen = find_region(lines)
    if not region.text.strip():
        return _without_text("empty", failure)
    codes = find_codes(region.text, [line.number for line in chosen], failure)
    tests = find_failing_tests(region.text)
    focus = find_focus(chosen)[:MAX_REGION_CHARS]
    tool = detect_tool(focus)
    gap = _find_gap(lines, codes)
    fingerprint = compute_fingerprint(region, _headline(lines, region), codes, tests)
    return Signals(
        region=region,
        masked_text=mask_variables(focus),
        fingerprint=None if gap in ("no_log", "no_match") else fingerprint,
        codes=codes,
        tool=tool or detect_tool(region.text),
        retry_after=find_retry_after(region.text, now=failure.time),
        failing_tests=tests,
        gap=gap,
        tags=_tags(codes, tool, tests, failure),
    )


def _is_binary(text: str) -> bool:
    sample = text[:65_536]
    return text == "\0" or (len(_BINARY.findall(sample)) > 0.05 * len(sample) and bool(sample))


def _without_text(gap: Abstention, failure: Failure) -> Signals:
    """Answer for a failure whose output says nothing; its exit code may still."""
    codes = find_codes("", [], failure)
    return Signals(Region("", 0, 0), "", None, codes, gap=gap, tags=_tags(codes, None, (), failure))


def _headline(lines: list[LogLine], region: Region) -> str:
    """Return the line that best explains the failure: the best ranked one that is not generic."""
    # Several lines share a number where lines end in CR only: the best of them stands for it, the first of equals.
    best_last = sorted(enumerate(lines), key=lambda pair: (pair[1].score, -pair[0]))
    texts = {line.number: line.text for _, line in best_last}
    ranked = [texts[number] for number in region.cause_lines if number in texts]
    plain = (line.text for line in lines if line.text.strip())
    return next((text for text in ranked if not is_generic(text)), ranked[0] if ranked else next(plain, ""))


def _find_gap(lines: list[LogLine], codes: tuple[CodeHit, ...]) -> Abstention | None:
    """Say why the text cannot name a cause, or None when it may."""
    if any(hit.type for hit in codes) or names_a_failure(lines):
        return None
    meaningful = [line for line in lines if line.text.strip()]
    if all(is_generic(line.text) or line.mark in ("group", "endgroup") for line in meaningful):
        return "no_log"
    if _CUT_END.search(meaningful[-1].text):
        return "truncated"
    quiet = not any(line.score >= 2 for line in meaningful)
    return "no_match" if quiet and any(is_healthy(line.text) for line in meaningful) else None


def _tags(codes: tuple[CodeHit, ...], tool: str | None, tests: tuple[str, ...], failure: Failure) -> tuple[str, ...]:
    """Return the model's features beside words: codes, what they point to, and how surely."""
    tags = [f"code:{hit.table}:{hit.code}" for hit in codes]
    tags += [f"says:{hit.type}:{hit.strength}" for hit in codes if hit.type]
    tags += [f"says:{hit.type}" for hit in codes if hit.type]
    first = next((hit.type for hit in codes if hit.type and hit.strength != "weak"), None)
    if first:
        tags.append(f"first:{first}")
    if tool:
        tags.append(f"tool:{tool}")
    if tests:
        tags.append("failing-tests")
    if failure.exit_code is not None:
        tags.append(f"exit:{failure.exit_code}")
    return tuple(dict.fromkeys(tags))
