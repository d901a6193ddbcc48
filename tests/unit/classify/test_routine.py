"""Lines that every run prints are known; lines that may name a failure are not taken for them."""

from __future__ import annotations

import pytest
from support.healthy_lines import BLOCKS

from errclass.classify.cleaning import clean_line
from errclass.classify.log_line import LogLine, is_quiet
from errclass.classify.routine import is_routine
from errclass.classify.scoring import score_line

OTHER = [
    "Keystore was tampered with, or password was incorrect",
    "> Could not resolve io.micrometer:micrometer-core:1.11.2.",
    "   > Entry lib/bcprov.jar is a duplicate",
    "E: Unable to locate package php8.4-redis",
    "ORA-12541: TNS:no listener",
    "the ledger is one page short",
    "AWS_REGION is empty",
    "db.example.com:5432 - no response",
]


def is_evidence(text: str) -> bool:
    line = clean_line(text)
    return not is_quiet(LogLine(1, line.text, score_line(line), line.mark))


@pytest.mark.parametrize("line", OTHER)
def test_a_line_that_may_explain_is_not_routine(line: str) -> None:
    """What is no progress, no success and no echo may be all there is."""
    assert is_evidence(line)


def test_nearly_all_healthy_lines_are_known() -> None:
    """Of what tools print while nothing is wrong, next to nothing passes for evidence."""
    lines = [line for block in BLOCKS for line in block if line.strip()]
    assert len([line for line in lines if is_evidence(line)]) <= len(lines) / 20


@pytest.mark.parametrize(
    "line", ["@acme/web:build: Collecting page data ...", "[ 12%] Building CXX object error.o", ""]
)
def test_progress_behind_a_prefix_is_routine(line: str) -> None:
    """Packages and percentages before it change nothing."""
    assert is_routine(line)
