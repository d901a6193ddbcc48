"""Reading signals takes time in proportion to the text, whatever the text."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SECONDS = 60
"""For all texts together on a busy machine; it takes 5 where nothing else runs, and one quadratic pattern minutes."""

PROGRAM = r"""
from errclass.classify.masks import mask_variables
from errclass.classify.normal_form import normalise_variables
from errclass.classify.signals import extract_signals
from errclass.core.types import Failure

SIZE = 65_536
SEEDS = [
    "a", "A", "Aa", "aA_", "0", "1", "-", "_", ":", "/", "\\", ".", "=", "[", "(", "<", "%", "#", "$", "|", "~", "'", '"', " ", "  ", "\t", "\r",
    "1.", "1,", "1:", "0x", "a.", "a:", "a/", "a-", "a@", "a\\", "a$", "a\r", "./", "~/", "a::", "a.b.", "a.com.", "x | ", "█", "é", "İ", "ﬁ",
    "E", "e  ", "error ", "error:", ": error ", "error 1 ", "fail ", "network ", "timeout ", "expected ", "Expected ", "assertion ",
    "0 errors ", "1 error ", "errors: 0 ", "successfully ", "process ", "command ", "npm err! ", "test: 1 failed ", "exit ", "exit code: ",
    "http ", "http://", "status ", "code ", "returned error: ", "sqlstate ", "signal ", "os error ", "Msg 1", "Error: (1", "0x8",
    "retry after ", "retry after 1s ", "1s ", "wait ", "11:11:11 ", "2024-01-01 ", "2024-01-01T11:11:11Z ", "[2024-01-01 11:11:11]", "Mar 4 ",
    "Mon, ", "50% [", "deadbeef1", "192.168.", "::error ", "::", "##vso[task.logissue ", "\x1b[", "\x1b]", "[0m", "section_start:1:",
    "● a › ", "FAILED a::", "a::b ", "not ok 1 - ", "1) a::", "--- FAIL: ", "File \"", "at ", "C:\\", "thread '", "Tests run: FAILURE! ",
    "TEST-UNEXPECTED-FAIL | ", "Caused by: ", "[masked:", "sha256:a",
]
for seed in SEEDS:
    line = (seed * (SIZE // len(seed) + 1))[:SIZE]
    for text in (line + "!", "Error: x\n" + line + "\nError: y"):
        extract_signals(Failure(text=text))
    mask_variables(line[:SIZE // 2] + "!")
    normalise_variables(line + "!")
print("done")
"""


def test_no_line_makes_a_pattern_blow_up(tmp_path: Path) -> None:
    """Lines of 64 KB of one repeated piece are read in no time, each alone and between others."""
    command = [sys.executable, "-c", PROGRAM]
    finished = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path, timeout=SECONDS)
    assert "done\n" == finished.stdout
