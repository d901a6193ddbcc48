"""Know what a test's assertion is about: the values it compares did not fail, the comparison did."""

from __future__ import annotations

import re

# What follows is a value of the program under test: "assert 503 == 200", "Received: ECONNREFUSED".
_ASSERTED = re.compile(
    r"\bassert (?=.{1,200}(?: == | != | in | is |[<>]))|\b(?:Expected|Received|Actual)(?: \w{1,20}){0,3}: |\bexpect\("
    r"|\bExpected .{1,200}? to (?:be|equal|match|contain|have|throw|include)\b|\bexpected: |\bbut was: ?<"
)


def find_asserted(line: str) -> int:
    """Return the place in a line from which on it shows what was compared; its length where it shows no such thing."""
    if (
        "xpect" not in line
        and "assert" not in line
        and "Received" not in line
        and "Actual" not in line
        and "but was" not in line
    ):
        return len(line)
    match = _ASSERTED.search(line)
    return len(line) if match is None else match.start() + 1
