"""Read the names of the tests that failed off the output of test runners."""

from __future__ import annotations

import re

MAX_TESTS = 50

_FAILING = re.compile(
    r"^(?:FAILED|ERROR) (?P<pytest>\S+::[^\n]+?)(?: - [^\n]*)?$|^(?P<pytest_verbose>\S+::\S+) (?:FAILED|ERROR)\b"
    r"|^(?:FAIL|ERROR): (?P<unittest>\w+ \([\w.]+\))"
    r"|^\d{1,4}\) (?P<phpunit>[\w\\]+::\w+)"
    r"|^\s*not ok \d{1,6} - (?P<tap>[^\n#]{1,200})"
    r"|^\s*--- FAIL: (?P<go>\S+)"
    r"|^\s*● (?P<jest>[^\n]{3,200}? › [^\n]{2,200})$"
    r"|^(?:\[ERROR\]\s+)?(?:Tests run:[^\n]*FAILURE![^\n]* - in (?P<surefire>[\w.$]+)|(?P<junit>[\w.$]+(?:\.|\()[\w$]+\)?)[^\n]{0,40}<<< (?:FAILURE|ERROR)!)"
    r"|^test (?P<cargo>[\w:]+) \.\.\. FAILED"
    r"|TEST-UNEXPECTED-\w+ \| (?P<mozilla>[^\n|]{3,300}?) \|"
    r"|^rspec (?P<rspec>\./\S+)"
    r"|^\s*\[\s*FAILED\s*\] (?P<gtest>[\w./]+)"
    r"|^\s+FAIL\s+(?P<vitest>\S[^\n]{2,300} > [^\n]{2,300})$"
    r"|^\s*Failed (?P<dotnet>[\w.]+(?:\([^\n)]{0,200}\))?) \[",
    re.MULTILINE,
)


def find_failing_tests(text: str) -> tuple[str, ...]:
    """Return the identifiers of the failing tests as their runner prints them, each once, at most 50."""
    names: dict[str, None] = {}
    for match in _FAILING.finditer(text):
        names[next(group for group in match.groups() if group).strip()] = None
        if len(names) >= MAX_TESTS:
            break
    return tuple(names)
