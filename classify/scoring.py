"""Judge how likely a single log line is to name the cause of a failure."""

from __future__ import annotations

import re

from .cleaning import CleanLine

MAX_SCORED_CHARS = 600

# What must stand somewhere in a line before any pattern is tried: plain searches are twenty times faster than one pattern.
_NEEDLES = (
    "err", "fail", "fatal", "panic", "except", "denied", "refused", "timeout", "timed", "time out", "time-out", "cannot", "can't",
    "could not", "couldn", "unable", "not found", "not valid", "not exist", "not ready", "not permitted", "not allowed",
    "not supported", "not in sync", "not ok", "no such", "no space", "no matching", "no module", "no mapping", "no route",
    "no answer", "does not", "doesn", "is not", "isn't", "not met", "kill", "abort", "invalid", "unexpected", "missing", "undefined",
    "unresolved", "conflict", "crash", "segfault", "segmentation", "exit", "unauthori", "forbidden", "reject", "corrupt", "mismatch",
    "traceback", "assert", "caused by", "core dumped", "too many", "exceed", "expired", "unknown", "illegal", "broken", "reset by",
    "unreachable", "deadlock", "violat", "oom", "bug:", "incompatib", "require", "already exists", "unhealthy", "evicted", "lost",
    "stopped", "unmet", "vulnerab", "blocked", "limit", "checksum", "shut", "stuck", "expected", "malformed", "bad ", "down,",
    "✗", "✖", "✘", "×", "❌", "⨯", "fehler", "fehlge", "erreur", "échec", "impossible", "错误", "失败", "エラー", "ошибка", "не удалось",
    "não ", "kann nicht", "konnte", "erro ", "erro:",
)  # fmt: skip
_CODE_NAME = re.compile(r"E[A-Z]{4,}|^E  ")

_RULES: tuple[tuple[float, re.Pattern[str]], ...] = tuple(
    (weight, re.compile(pattern))
    for weight, pattern in (
        (
            9,
            r"TEST-UNEXPECTED-(?:FAIL|ERROR|TIMEOUT|CRASH)|PROCESS-CRASH|^panic: |: panic: |^fatal error: |Kernel panic|^thread '.*' panicked",
        ),
        (
            9,
            r"^FAILED \S+::|^(?:\s*)--- FAIL: |^E\s{2,12}\S|\[FAILED\]|^#\s+(?:SIG|There is insufficient|A fatal error)|^\s*●\s.*›",
        ),
        (
            8,
            r"^(?:[\w.$]+\.)?[A-Z]\w*(?:Error|Exception|Failure|Fault|Timeout|Interrupt|Refused|Exit)\b(?:\s*\[[\w\d]+\])?(?::|$| \()",
        ),
        (8, r"^\s*(?:[Ee]rror|ERROR|ERR!|[Ff]atal|FATAL|CRITICAL|panic|PANIC)\b[\[\]\w()]*(?::| -|!|\s\|)\s*\S"),
        (
            8,
            r"^npm (?:ERR!|error) (?:code E[A-Z0-9]|\d{3} |.{0,20}(?:Missing|Invalid|Could not|Cannot|[Cc]onflict|peer |notarget|network |request to|.*(?:in sync|Error:|failed|denied|refused)))",
        ),
        (1, r"^npm (?:ERR!|error)"),
        (
            8,
            r"(?:^|\s)(?:[\w./\\-]+(?:\(\d+(?:,\d+)?\)|:\d+(?::\d+)?)):? (?:fatal )?[Ee]rror\b|^error(?:\[\w+\])?: |: error(?: [A-Z]+\d+)?: ",
        ),
        (
            7,
            r"Caused by: |Unhandled|Uncaught|Traceback \(most recent|Exception in thread|UnhandledPromiseRejection|[Nn]o space left|[Pp]ermission denied|OOMKilled|[Oo]ut of memory|Segmentation fault",
        ),
        (7, r"level=(?:error|fatal|panic)|\"level\":\"(?:error|fatal)\"|\b(?:ERROR|FATAL|SEVERE|CRITICAL)\b"),
        (
            6,
            r"[Cc]ommand not found|No such file|[Cc]onnection (?:refused|reset|timed)|[Cc]ould not|[Cc]annot|can't|[Uu]nable to|not found|timed out|[Dd]enied|[Uu]nauthorized|[Ff]orbidden|[Ii]nvalid|mismatch",
        ),
        (
            6,
            r"AssertionError|[Aa]ssertion .*failed|Expected\b.*\b(?:got|Received|but)|expected:? .* (?:got|but was|actual)",
        ),
        (5, r"\b(?:FAIL(?:ED|URE)?|Failed|failed|failure)\b|\b[Ff]ailures?:|✗|✖|✘|❌|⨯"),
        (4, r"\b(?:[Ee]rror|exception|aborted|killed|crashed|undefined|missing|unexpected|conflict)\b"),
        (2, r"(?i)err|fail|exit|not |no "),
    )
)
# Whole lines that say nothing but that something failed ...
_GENERIC = re.compile(
    r"(?i)^\W{0,8}(?:error:? |err!? |fatal: )?(?:"
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
    r"(?i)complete log of this run|for more (?:information|details)|see (?:above|below|the (?:full |build )?(?:log|output))|check the (?:build )?logs?\b|non-?zero exit (?:code|status)"
    r"|exit(?:ed)?(?: with)?(?: code| status)*[ :]+-?\d+\)?\.?$|due to previous errors?|was (?:cancelled|canceled)|terminated abnormally"
)
_POINTER_CHARS = 120
_HEALTHY = re.compile(
    r"^\s*(?:✓|✔|√|✅|ok \d|PASS(?:ED)?\b|--- PASS|\[\s+OK\s+\]|\[\s*PASS|TEST-(?:PASS|OK|START|END|INFO|LOAD|KNOWN)|ok\s+\S+\s+[\d.]+s|REFTEST TEST-(?:PASS|START|END|LOAD|KNOWN))|\bPASSED\b|\.\.\. ok\s*$|\bTEST-(?:PASS|OK|KNOWN-FAIL|START|END)\b|\bPASS\s*$"
    r"|(?i:without errors?|successfully(?!.*(?:\bbut\b|error|fail))|continue-on-error|fail[-_]fast|--fail|error[-_]handl|on[-_]error|errexit)"
)
# Counts of failures; a line that counts none of one kind may still count some of another.
_NONE_FAILED = re.compile(
    r"(?i)\b(?:0|no) (?:errors?|failures?|failed|problems?|vulnerabilities|warnings?)\b|\bfailed=0\b|\b(?:failures?|errors?)[:=]\s{0,4}0\b"
)
_SOME_FAILED = re.compile(
    r"(?i)\b[1-9]\d{0,9} (?:errors?|fail|problems?|vulnerabilit)|\b(?:failed|failures?|errors?|unreachable)[:=]\s{0,4}[1-9]"
)
_WARNING = re.compile(
    r"^\s*(?:\w{1,12}\s)?(?:npm )?(?i:warn(?:ing)?)\b|level=warn|\bWARN(?:ING)?\b|[Dd]eprecat|\bwarning:|(?i:retrying|will retry|trying again|attempt \d+ (?:of|/)|ignor(?:ed|ing)\b|soft[- ]?fail|expected failure|xfail)"
)
_COMMAND = re.compile(
    r"^\s*(?:\+{1,3} |\$ |> |Run |PS [A-Z]:|#\d+ \[|Step \d+/\d+|(?:export |set |env:|if \[|fi$|echo |run:|name:|shell:|with:))"
)
_SOURCE = re.compile(r"^\s*(?:\d+\s*\||\||at [\w$.<]+|File \"|in [`'/]|from /|\^|~|\.{3}|goroutine \d+)")
_LISTING = re.compile(
    r"(?i)\.(?:py|js|ts|rb|java|class|o|so|h|c|cpp|go|rs|html?|md|png|svg|d\.ts)(?:\s|$|['\",)])(?!.*(?:error|fail))|^(?:copying|creating|adding|inflating|extracting|downloading|unpacking|collecting|installing|get:|hit:|selecting)\b"
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
    score = next((weight for weight, pattern in _RULES if pattern.search(text)), 0.0)
    if is_healthy(text):
        return min(score, 0.5)
    if _COMMAND.match(text):
        return min(score, 1.0)
    if is_generic(text):
        return min(score, 2.5)
    if _WARNING.search(text) and score < 9:
        score = min(score, 3.0)
    if score < 8 and (_SOURCE.match(text) or _LISTING.search(text)):
        score = min(score, 2.0)
    return score


def may_matter(text: str) -> bool:
    """Tell, fast, whether a line can have a score at all, cleaned or not."""
    lowered = text.lower()
    for needle in _NEEDLES:  # a plain loop: a generator would double the time of a large log
        if needle in lowered:
            return True
    return "##[error]" in text or _CODE_NAME.search(text) is not None


def is_healthy(text: str) -> bool:
    """Tell whether a line reports a success: words in it are no evidence of a failure."""
    if _HEALTHY.search(text):
        return True
    return _NONE_FAILED.search(text) is not None and _SOME_FAILED.search(text) is None


def is_warning(text: str) -> bool:
    """Tell whether a line is a warning, a deprecation or the notice of a retry."""
    return _WARNING.search(text) is not None


def is_generic(text: str) -> bool:
    """Tell whether a line only says that something failed, as ``Process completed with exit code 1`` does."""
    text = text[:MAX_SCORED_CHARS]
    return _GENERIC.match(text) is not None or (len(text) <= _POINTER_CHARS and _POINTER.search(text) is not None)
