"""Judge how likely a single log line is to name the cause of a failure."""

from __future__ import annotations

import re
from functools import lru_cache

from .cleaning import CleanLine
from .needles import may_matter
from .routine import has_routine_form
from .wordings import weigh_wording

MAX_SCORED_CHARS = 600
_REMEMBERED_LINES = 1_024
"""A line is judged several times on the way from a log to its prediction."""
_CERTAIN_WORDING = 9.0
_HEADLINE = 8.0
_PLAIN = 6.0
_HINT = 4.0
_NO_EVIDENCE = 0.5
LOUD_WARNING = 0.75
"""Score of a warning in the words of a failure: what to read where nothing failed more plainly."""

# Whole lines that say nothing but that something failed ...
_GENERIC = re.compile(
    r"^\W{0,8}(?:error:? |err!? |fatal: )?(?:"
    r"process completed with exit code|make(?:\[\d+\])?: \*\*\* \[.{0,200}\] error \d+|(?:error )?job failed(?:: (?:command terminated with )?exit (?:code|status) \d+)?\W*$|build failed(?: in|$)|finished: failure"
    r"|(?:the )?(?:command|process|script|step|job|task|program|build|pipeline|stage|action|powershell|bash)\b.{0,160}\b(?:exit(?:ed)?|returned|finished|failed|terminated|completed)\b(?: with)?(?: an?)?(?: non-?zero)?(?: error)?(?: exit)?[ :]+(?:code|status)?[ :]*['\"]?-?\d*['\"]?\.?$"
    r"|(?:build |done\. your build )?exit(?:ed|ing)?(?: with)?(?: an?)?(?: non-?zero)?(?: code| status| exit)*[ :]+['\"]?-?\d+['\"]?\.?$|circleci received exit code|script returned exit code|cleaning up\b|cancell?ing\b|waiting for other jobs"
    r"|npm (?:err!|error)\s+(?:code (?:elifecycle|\d+)|errno \d|a complete log|this is probably not|exit status|failed at|path |command |in workspace|at location|there is likely|$)"
    r"|npm (?:err!|error).{0,80}_logs|.{0,80}\belifecycle\b|(?:error )?command failed(?: with exit code|$)|(?:\[error\] )?(?:-> )?\[help \d+\]|(?:\[error\] )?(?:re-run|to see the full|after correcting|for more information about the errors)"
    r"|\* (?:try:|what went wrong|exception is|get more help)|> run with --|run with --|(?:try )?rerun with|.{0,80}aborting due to|\d+ errors? generated|errors? (?:occurred|were found)\.?$|stopping now"
    r"|could not compile .{0,80} due to|.{0,60}could not compile .{0,80} due to|the following builds? failed|.{0,40}this error originates from a subprocess|.{0,20}subprocess-exited"
    r"|(?:tests?|test suites?|specs?|test files?)[: ].*\d+ (?:failed|failures?).*(?:passed|total)|(?:\d+ )?(?:skipped|cancelled|canceled)\b"
    r")"
)
# ... and phrases that point elsewhere, which make a line generic only where there is little else in it.
_POINTER = re.compile(
    r"complete log of this run|for more (?:information|details)|see (?:above|below|the (?:full |build )?(?:log|output))|check the (?:build )?logs?\b|non-?zero exit (?:code|status)"
    r"|exit(?:ed)?(?: with)?(?: code| status)*[ :]+-?\d+\)?\.?$|due to previous errors?|was (?:cancelled|canceled)|terminated abnormally"
)
_POINTER_CHARS = 120
_CAUSE = re.compile(r"exceeded|memory|no space|denied|refused|timed out|not found|cannot|could not|unable")
_HEALTHY = re.compile(
    r"^\s*(?:✓|✔|√|✅|ok \d|PASS(?:ED)?\b|--- PASS|\[\s+OK\s+\]|\[\s*PASS|TEST-(?:PASS|OK|START|END|INFO|LOAD|KNOWN)|ok\s+\S+\s+[\d.]+s|REFTEST TEST-(?:PASS|START|END|LOAD|KNOWN))|\bPASSED\b|\.\.\. ok\s*$|\bTEST-(?:PASS|OK|KNOWN-FAIL|START|END)\b|\bPASS\s*$"
    r"|(?i:without errors?|(?<!complete )(?<!exit )(?<!finish )(?<!start )(?<!run )\bsuccessfully(?!.*(?:\bbut\b|error|fail))|continue-on-error|fail[-_]fast|--fail|error[-_]handl|on[-_]error|errexit)"
)
# Without any of these a line cannot match; plain searches are many times faster than the patterns.
_HEALTHY_NEEDLES = (
    "ok", "pass", "✓", "✔", "√", "✅", "test-", "without err", "successfully", "continue-on", "fail-fast", "fail_fast", "--fail", "error-handl",
    "error_handl", "errorhandl", "on-error", "on_error", "onerror", "errexit", "failfast",
)  # fmt: skip
_WARNING_NEEDLES = (
    "warn",
    "deprecat",
    "retry",
    "trying again",
    "attempt ",
    "ignor",
    "soft",
    "expected failure",
    "xfail",
)
# Counts of failures; a line that counts none of one kind may still count some of another.
_NONE_FAILED = re.compile(
    r"\b(?:0|no) (?:errors?|failures?|failed|problems?|vulnerabilities|warnings?)\b|\bfailed=0\b|\b(?:failures?|errors?)[:=]\s{0,4}0\b"
)
_SOME_FAILED = re.compile(
    r"\b[1-9]\d{0,9} (?:errors?|fail|problems?|vulnerabilit)|\b(?:failed|failures?|errors?|unreachable)[:=]\s{0,4}[1-9]"
)
_WARNING = re.compile(
    r"^\s*(?:\w{1,12}\s)?(?:npm )?(?i:\[?warn(?:ing)?)\b(?!\s{2,}\w)|level=warn|\bWARN(?:ING)?\b|[Dd]eprecat|\bwarning:|(?i:retrying|will retry|retry \d{1,3} (?:of|/)|trying again|attempt \d+ (?:of|/)|ignor(?:ed|ing)\b|soft[- ]?fail|expected failure|xfail)"
)
_COMMAND = re.compile(
    r"^\s*(?:\+{1,3} |\$ |> (?=[a-z@./\"]|[A-Z_]{2,40}=)|Run |PS [A-Z]:|#\d+ \[|Step \d+/\d+|(?:export |set |env:|if \[|fi$|echo |run:|name:|shell:|with:))"
)
_SOURCE = re.compile(r"^\s*(?:\d+\s*\||\||at [\w$.<]+|File \"|in [`'/]|from /|\^|~|\.{3}|goroutine \d+)")
# Lists of files, whose names may hold any word.
_LISTING = re.compile(
    r"(?i)^\s*(?:[MADRCU?|+*\-]{1,3}\s+)?[\w./@+\-]{1,300}\.(?:py|js|ts|tsx|jsx|rb|java|class|o|so|h|c|cpp|css|go|rs|html?|md|map|png|svg|php|cs|dll|json|ya?ml|txt|jar|whl|gz|zip)"
    r"(?:\s|$|\()(?!.*(?:error|fail|\bnot\b|cannot))"
    r"|^\s*(?:copying|creating|adding|inflating|extracting|downloading|downloaded|unpacking|collecting|installing|get:|hit:|selecting)\b(?!.*(?:\bfail(?:ed|ure)\b|error:|\bcould|\bcannot))"
    r"|^[d\-l][rwxsStT\-]{9}"
)


def score_line(line: CleanLine) -> float:
    """Return how strongly a line names a failure: 0 nothing, 2-4 a hint, 5-7 plain, 8 and more its headline.

    Lines of passing tests, successes, warnings, retried steps, echoed commands and generic closing lines count little.
    """
    text = line.text[:MAX_SCORED_CHARS]
    if line.mark == "error":
        return 3.0 if is_generic(text) else 9.0
    if line.mark in ("group", "endgroup", "command", "debug", "warning", "notice") or not may_matter(text):
        return 0.0
    return _discount(text, weigh_wording(text))


def _discount(text: str, score: float) -> float:
    """Return what a line's wording is worth in view of the kind of line that it stands in."""
    if score == 0.0 or is_healthy(text) or (score < _PLAIN and (is_command(text) or _LISTING.match(text))):
        return min(score, _NO_EVIDENCE)
    if score < _CERTAIN_WORDING and is_warning(text):
        return LOUD_WARNING if score > _HINT and "eprecat" not in text else _NO_EVIDENCE
    if score <= _HINT and has_routine_form(text):
        return 0.0
    if is_generic(text):
        return min(score, 2.5)
    return min(score, 2.0) if score < _HEADLINE and _SOURCE.match(text) else score


@lru_cache(_REMEMBERED_LINES)
def is_healthy(text: str) -> bool:
    """Tell whether a line reports a success: words in it are no evidence of a failure."""
    lowered = text.lower()
    if _holds(lowered, _HEALTHY_NEEDLES) and _HEALTHY.search(text):
        return True
    if "0" not in text and "no " not in lowered:
        return False
    return _NONE_FAILED.search(lowered) is not None and _SOME_FAILED.search(lowered) is None


@lru_cache(_REMEMBERED_LINES)
def is_warning(text: str) -> bool:
    """Tell whether a line is a warning, a deprecation or the notice of a retry."""
    return _holds(text.lower(), _WARNING_NEEDLES) and _WARNING.search(text) is not None


def _holds(lowered: str, needles: tuple[str, ...]) -> bool:
    for needle in needles:  # noqa: SIM110 - a generator would double the time
        if needle in lowered:
            return True
    return False


@lru_cache(_REMEMBERED_LINES)
def is_generic(text: str) -> bool:
    """Tell whether a line only says that something failed, as ``Process completed with exit code 1`` does."""
    lowered = text[:MAX_SCORED_CHARS].lower()
    return _GENERIC.match(lowered) is not None or _only_points(lowered)


def is_command(text: str) -> bool:
    """Tell whether a line echoes a command, of a shell or a step."""
    return _COMMAND.match(text) is not None


def _only_points(lowered: str) -> bool:
    return len(lowered) <= _POINTER_CHARS and _POINTER.search(lowered) is not None and _CAUSE.search(lowered) is None
