"""Read the names of the tests that failed off the output of test runners."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

MAX_TESTS = 50

# One group per runner and spelling, in the order in which a line is tried.
_FAILING = re.compile(
    r"^(?:FAILED|ERROR) (?P<pytest>\S{1,300}?\.py::[^\n]{1,300}?)(?: - [^\n]*)?$|^(?P<pytest_verbose>\S{1,300}::\S{1,300}) (?:FAILED|ERROR)\b"
    r"|^ERROR (?P<pytest_file>[\w./\\-]{1,200}\.py)(?: - [^\n]*)?$|^(?:FAILED|ERROR) (?P<pytest_other>\S{1,200}::[^\n]{1,300}?)(?: - [^\n]*)?$"
    r"|^(?:FAIL|ERROR): (?P<unittest>\w{1,200} \([\w.]{1,300}\))"
    r"|^\d{1,4}\) (?P<phpunit>[\w\\]{1,300}::\w{1,200}(?: with data set [^\n]{1,100})?)"
    r"|^\s{0,20}not ok \d{1,6} -? ?(?P<tap>[^\n#]{1,200})"
    r"|^\s{0,20}--- FAIL: (?P<go>\S{1,300})|^=== FAIL: (?P<gotestsum>\S{1,200} \S{1,200})"
    r"|^\s{0,8}● (?P<jest>[^\n]{3,200}? › [^\n]{2,200})$|^  ● (?P<jest_top>(?!Console|Test suite failed|Validation|Deprecation|Cannot log)\S[^\n]{1,200})$"
    r"|^(?:\[ERROR\]\s+)?(?:Tests run:[^\n]{0,200}FAILURE![^\n]{0,20} -{1,2} in (?P<surefire>[\w.$]{1,300})|(?P<junit>[\w.$]{1,200}(?:\.|\()[\w$.]{1,200}\)?)[^\n]{0,40}<<< (?:FAILURE|ERROR)!)"
    r"|^(?:\[ERROR\]\s+)(?P<maven>[A-Z]\w{0,100}(?:Test|Tests|IT|TestCase|Spec)\.\w{1,200}:\d{1,6})\b"
    r"|^(?P<gradle>[\w.$]{1,200}(?: > [^\n>]{1,200}){1,5}) FAILED$"
    r"|^test (?P<cargo>[\w:]{1,300})(?: - should panic)? \.\.\. FAILED|^\s{0,8}FAIL \[\s{0,8}[\d.]{1,12}s\] (?P<nextest>\S{1,100} \S{1,200})$"
    r"|TEST-UNEXPECTED-\w{1,20} \| (?P<mozilla>[^\n|]{3,300}?) \|"
    r"|^rspec (?P<rspec>\./[^\s#]{1,300}|'\./[^'\n]{1,300}')"
    r"|^\s{0,8}\[\s{0,4}FAILED\s{0,4}\] (?P<gtest>[A-Za-z_][\w/]{0,200}\.[\w/]{1,200})"
    r"|^\s{0,8}(?:FAIL|×)\s{1,4}(?:\|[\w\- ]{1,60}\|\s{1,4})?(?P<vitest>\S[^\n]{2,300}? > [^\n]{2,300}?)(?: \d{1,8}ms)?$"
    r"|^\s{0,8}(?:Failed|\[FAIL\]) (?P<dotnet>[\w.]{1,300}\.\w{1,200}(?:\([^\n)]{0,200}\))?) ?(?:\[|$)|^\s{0,8}(?:\[[^\]\n]{0,60}\]\s{1,6})?(?P<xunit>[\w.]{1,300}\.\w{1,200}(?:\([^\n)]{0,200}\))?) \[FAIL\]$"
    r"|^\s{0,8}\d{1,4}/\d{1,4} Test\s{1,4}#\d{1,5}: (?P<ctest>\S{1,200}) \.{1,120}\*{3}(?:Failed|Exception|Timeout|Not Run)|^\s{1,8}\d{1,5} - (?P<ctest_list>\S{1,200}) \((?:Failed|SEGFAULT|Timeout|Subprocess aborted|ILLEGAL|OTHER_FAULT|Not Run|NUMERICAL|BAD_COMMAND)\)"
    r"|^\s{0,8}\d{1,4}\) (?P<playwright>\[[\w .\-]{1,40}\] › [^\n]{3,300}? › [^\n─]{2,300}?)(?: ─{1,200})?\s{0,4}$|^\s{2,8}(?P<playwright_list>\[[\w .\-]{1,40}\] › [^\n]{3,300}? › [^\n]{2,300}?)\s{0,40}$"
    r"|^\s{0,8}\d{1,4}\) (?P<mocha>[^\n:]{2,200}\n {5,14}[^\n]{2,200}):$",
    re.MULTILINE,
)
_ANYWHERE = "TEST-UNEXPECTED-"
_SEPARATOR = re.compile(r" › | > |::|(?<=\w)\.(?=\w)")
_SHORTEST_NAME = 8
_SPACE = re.compile(r"\n\s{1,20}")


def find_failing_tests(text: str) -> tuple[str, ...]:
    """Return the identifiers of the failing tests as their runner prints them, each once, at most 50.

    Mocha's and Cypress' names, which span lines, are joined by one space.
    """
    names: dict[str, None] = {}
    for match in _find(text):
        names[_SPACE.sub(" ", next(group for group in match.groups() if group).strip())] = None
        if len(names) >= MAX_TESTS:
            break
    return tuple(names)


def _find(text: str) -> Iterator[re.Match[str]]:
    """Yield what ``_FAILING.finditer`` does; all but one spelling can begin only where a line does."""
    if _ANYWHERE in text:
        yield from _FAILING.finditer(text)
        return
    start = 0
    while start >= 0:
        match = _FAILING.match(text, start)
        if match:
            yield match
        end = match.end() if match else start
        start = end if match and text[end - 1] == "\n" else text.find("\n", end) + 1 or -1


def hide_test_names(text: str, names: Iterable[str]) -> str:
    """Return the text, equally long, with the names of tests blanked: ``test_timeout`` failed, nothing timed out."""
    for name in names:
        for part in {name, *_SEPARATOR.split(name)}:
            if len(part) >= _SHORTEST_NAME:
                text = text.replace(part, "_" * len(part))
    return text
