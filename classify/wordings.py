"""Weigh the wording of a line: how plainly it says that, and why, something failed."""

from __future__ import annotations

import re
from typing import NamedTuple


class _Wording(NamedTuple):
    weight: float
    needles: tuple[str, ...]
    """In lower case: a line without any of them cannot match; plain searches are many times faster than a pattern."""
    pattern: re.Pattern[str]
    lowered: bool
    """Whether the pattern is for the text in lower case, which is faster than one for either case."""


def _compile(weight: float, needles: str, pattern: str) -> _Wording:
    plain = pattern.removeprefix("(?i)")
    return _Wording(weight, tuple(needles.split("|")), re.compile(plain), plain != pattern)


_WORDINGS = tuple(
    _compile(weight, needles, pattern)
    for weight, needles, pattern in (
        (
            9,
            "test-unexpected|process-crash|panic|fatal error: |sanitizer",
            (
                r"TEST-UNEXPECTED-(?:FAIL|ERROR|TIMEOUT|CRASH)|PROCESS-CRASH|^panic: |: panic: |^fatal error: |Kernel panic"
                r"|^thread '[^']{0,200}' (?:\(\d{1,9}\) )?panicked|ERROR: \w{1,30}Sanitizer: "
            ),
        ),
        (
            9,
            "fail|e  |●|#  |# sig|exception_|# there is insuf|# a fatal|error ",
            r"^(?:FAILED|ERROR) \S+::|^\s{0,40}--- FAIL: |^E\s{2,12}\S|\[FAILED\]|^#\s{1,4}(?:SIG|EXCEPTION_|There is insufficient|A fatal error)|^\s{0,8}●\s.*›",
        ),
        (
            8,
            "fail|not ok|rspec ./|<<< |timeout",
            (
                r"^test \S{1,300} (?:- should panic )?\.\.\. FAILED|<<< (?:FAILURE|ERROR)!|\*{3}(?:Failed|Timeout|Exception)|^\s{0,20}not ok \d|^rspec '?\./|^\s{1,4}FAIL\s{1,4}\S.{1,300} > "
                r"|\[FAIL\]$|^\s{0,8}Failed [\w.]{1,300}\.\w{1,200} \[|^[\w.$]{1,200} > .{1,300} FAILED$|^(?:FAIL|ERROR): \w{1,200} \(|^=== FAIL: "
            ),
        ),
        (
            8,
            "error|exception|failure|fault|timeout|interrupt|refused|exit",
            r"^(?:[\w.$]{1,200}\.)?[A-Z]\w{0,80}(?:Error|Exception|Failure|Fault|Timeout|Interrupt|Refused|Exit)\b(?:\s?\[\w{1,40}\])?(?::|$| \()",
        ),
        (
            8,
            "err|fatal|critical|panic",
            r"^\s{0,40}(?:[Ee]rror|ERROR|ERR!|[Ff]atal|FATAL|CRITICAL|panic|PANIC)\b[\[\]\w()]{0,80}(?::| -|!|\s\|)\s*\S",
        ),
        (
            8,
            "error",
            r"(?:^|\s)(?:[\w./\\-]+(?:\(\d+(?:,\d+)?\)|:\d+(?::\d+)?)):? (?:fatal )?[Ee]rror\b|^error(?:\[\w+\])?: |: (?:fatal )?error(?: [A-Z]+\d+)?: ",
        ),
        (
            8,
            "e: |curl: (|[!]|** (|err_|abort: |err! |err:|nosuch|error",
            r"^E: \S|^e: \S|curl: \(\d{1,2}\) |^(?:\W{1,4} )?\[!\] \S|^\*\* \(\w|\bERR_[A-Z_]{4,60}\b|^abort: |^\w{1,20} ERR! |^Err:\d{1,5} |^(?:[a-z_]\w{0,60}\.){1,12}[A-Z]\w{2,80}: \S|error TS\d",
        ),
        (
            7,
            (
                "caused by: |unhandled|uncaught|traceback (|exception in|no space left|permission denied|oomkilled|out of memory|segmentation fault|"
                "not enough|memory limit|blocked for more|soft lockup|detected stall"
            ),
            (
                r"Caused by: |Unhandled|Uncaught|Traceback \(most recent|Exception in thread|[Nn]o space left|[Pp]ermission denied|OOMKilled"
                r"|[Oo]ut of memory|Segmentation fault|[Mm]emory limit exceeded|blocked for more than|soft lockup|detected stalls|(?:not|n't have) enough (?:free )?(?:disk |memory|space)"
            ),
        ),
        (
            7,
            "error|fatal|severe|critical",
            r"level=(?:error|fatal|panic)|\"level\":\s?\"(?:error|fatal)\"|\b(?:ERROR|FATAL|SEVERE|CRITICAL)\b",
        ),
        (
            6,
            "not found|no such file|connection |could not|couldn|cannot|can't|unable to|timed out|denied|unauthorized|forbidden|invalid|mismatch",
            (
                r"No such file|[Cc]onnection (?:refused|reset|timed|closed|lost|aborted)|[Cc]ould(?: not|n't)|[Cc]annot|[Cc]an't|[Uu]nable to|[Nn]ot [Ff]ound|[Tt]imed out"
                r"|[Dd]enied|[Uu]nauthorized|[Ff]orbidden|[Ii]nvalid|[Mm]ismatch"
            ),
        ),
        (
            6,
            "asserti|expected",
            r"AssertionError|[Aa]ssertion .*failed|Expected\b.*\b(?:got|Received|but)|expected:? .* (?:got|but was|actual)",
        ),
        (
            6,
            (
                "too many|unavailable|gateway|server error|exceeded|rate limit|quota|unbound|killed|aborted|illegal inst|dumped|"
                "smashing|double free|bus error|bad option|is required|required auth|unrecogni|unsupported|unknown |must |authenticat"
            ),
            (
                r"(?i)\btoo many (?:\w{1,20} ){0,2}(?:requests|open|attempts|connections|files|redirects|levels|clients)|\bunavailable\b|\bbad gateway|\bgateway time-?out|\bserver error"
                r"|\bexceeded\b|\bquota\b|\bunbound variable|\s(?:killed|aborted|terminated)(?:\s{2,}|$| \()|\bcore dumped|stack smashing|double free|illegal instruction|bus error|\bbad option"
                r"|\bis required\b|\brequired authentic|\bauthentication (?:is )?(?:required|failed)|\bunrecogni[sz]ed|\bunsupported|\bunknown (?:option|flag|command|argument|key|type|field|host|error|variable|"
                r"attribute|property|target|task|import|module|name|column|table|revision|instance|argument|parameter)|\bmust (?:be|not|have|start|end|match|specify|define|set|provide|contain)\b"
            ),
        ),
        (
            6,
            "sigkill|sigsegv|sigabrt|sigterm|sigbus|sigill|ora-|tns-|pls-|issue:|below the |, but |no tests",
            r"\bSIG(?:KILL|SEGV|ABRT|TERM|BUS|ILL)\b|\b(?:ORA|TNS|PLS)-\d{3,5}\b|^>> Issue: |\bbelow the (?:required|minimum|threshold|configured)|\bno tests (?:ran|found|were)\b|, but (?:\w{1,20} ){0,3}(?:specified|requires?|required|expected|got|found)\b",
        ),
        (
            5,
            "fail|✗|✖|✘|❌|⨯|✕",
            r"\b(?:\w{1,40}_)?(?:FAIL(?:ED|URE)?|Fail(?:ed|ure)|failed|failure)\b|\b[Ff]ailures?:|✗|✖|✘|❌|⨯|✕",
        ),
        (
            5,
            "fehler|fehlge|erreur|échec|impossible|错误|失败|エラー|ошибка|не удалось|não |kann nicht|konnte|erro |erro:|没有",
            r"(?i)\bfehler|fehlge|\berreur|\béchec|\bimpossible (?:de|d'|to)|错误|失败|エラー|ошибка|не удалось|\bnão\s|kann nicht|konnte|\berro[ :]|没有",
        ),
        (
            4,
            "err|exception|abort|kill|crash|undefined|missing|unexpected|conflict|panic|fatal",
            r"\b(?:[Ee]rrors?|ERRORS?|[Ee]xception|[Aa]bort(?:ed|ing)|[Kk]illed|[Cc]rash(?:ed)?|[Uu]ndefined|[Mm]issing|[Uu]nexpected|[Cc]onflicts?|[Pp]anic|[Ff]atal)\b|^[A-Z]{3,12}ERR\b",
        ),
        (
            4,
            "not ",
            (
                r"(?i)\bnot (?:\w{1,20} ){0,2}(?:allowed|permitted|supported|found|defined|exist|running|ready|recogni[sz]ed|installed|set|valid|available|authori[sz]ed|responding|used|match|matched|a|an|in|"
                r"met|closed|support|return|resolve|contain|have|work|open|mounted|covered|satisfied|signed|trusted|enabled|configured|registered|compatible|reachable|up|written|fit|produce|specified|explicit|"
                r"been|declared|loaded|start|started|respond|accept|accepted|own|pass|equal|provide|provided|look|properly|helpful)\b"
            ),
        ),
        (4, "n't ", r"(?i)\b(?:do|does|did|is|was|wo|are|has|have|would|should|were)n't\b"),
        (
            4,
            "no ",
            (
                r"(?i)\bno (?:\w{1,20} ){0,2}(?:such|match\w{0,20}|space|route|module|rule|tests?|files?|targets?|answer|mapping|suitable|valid|output|workspaces?|toolchains?|device|host|memory|"
                r"credentials?|identity|package\S{0,20}|versions?|response|permission|nodes?|available|required|longer|makefile|main|configuration|config)\b"
            ),
        ),
        (
            4,
            (
                "refus|reset|lost|reject|corrupt|expire|limit|violat|incompatib|inconsisten|require|duplicate|already |unresolv|unsatisf|unmet|broken|deadlock|overflow|exhaust|insufficient|"
                "throttl|hang|hung|stuck|unreachable|undeclared|differ|reformat|out of|misbehav|suspend|revoked|declined|evicted|unhealthy|shut|down|vulnerab|oops|bug:|too |bad |illegal|malformed|timeout|"
                "deadline|closed|above threshold|attempt to|noauth|noperm|wrongtype|unauthori|unknown|blocked|problem|signific|expected|dumped|crash|terminated|misconfig|time out|time-out|checksum|stopped"
            ),
            (
                r"(?i)\b(?:refused|reset by|lost|rejected|corrupt(?:ed|ion)?|expired|limit(?:ed)? (?:\w{1,20} ){0,3}(?:reached|hit)|rate.limit\w{0,20}|violat\w{0,20}|incompatible|inconsistent|requires|required by|duplicate|"
                r"already (?:exists|in use|defined|declared|running|been|taken|held)|unresolved|unsatisf\w{1,20}|unmet|broken|deadlock\w{0,20}|overflow\w{0,20}|exhausted|insufficient|throttl\w{1,20}|hangs?|hung|stuck|unreachable|"
                r"undeclared|differs?|reformatted|would reformat|out of (?:date|sync|range|bounds|disk|space)|misbehaving|suspended|revoked|declined|evicted|unhealthy|shut ?down|shutting down|is down|"
                r"vulnerabilit(?:y|ies)|oops|bug:|too (?:many|long|large|old|new|few|open|big|small|deep|short|high|low|late|strict|restrictive)|bad|illegal|malformed|time[- ]?out|deadline|closed|above threshold|"
                r"attempt to|unauthori[sz]ed|unknown|blocked|terminated|misconfigured|checksum|stopped|problems?|changed significantly|expected|dumped|crash|noauth|noperm|wrongtype)\b"
            ),
        ),
        (2, "err|fail|exit|not |no ", r"(?i)err|fail|exit|not |no "),
    )
)


_NPM = _Wording(
    8,
    ("npm err",),
    re.compile(
        r"^npm (?:ERR!|error) (?:code E[A-Z0-9]|\d{3} |.{0,20}(?:Missing|Invalid|Could not|Cannot|[Cc]onflict|peer |notarget|network |request to)|.{0,400}?(?:in sync|Error:|failed|denied|refused))"
    ),
    lowered=False,
)
# npm puts it before every line, also before what the scripts of packages printed.
_PREFIX = re.compile(r"npm (?:ERR!|error) ?(?:gyp ERR! )?")
_PREFIXED = 1.0


def weigh_wording(text: str) -> float:
    """Return 8 and more for a failure's headline, 5 to 7 for a plain failure, 2 to 4 for a hint, 0 for other lines."""
    if prefix := _PREFIX.match(text):
        return max(_weigh(text, (_NPM,)), _weigh(text[prefix.end() :], _WORDINGS), _PREFIXED)
    return _weigh(text, _WORDINGS)


def _weigh(text: str, wordings: tuple[_Wording, ...]) -> float:
    lowered = text.lower()
    for wording in wordings:
        for needle in wording.needles:  # a plain loop: a generator would double the time
            if needle in lowered:
                if wording.pattern.search(lowered if wording.lowered else text):
                    return wording.weight
                break
    return 0.0
