"""Lines that name a cause score high; successes, warnings, commands and closing lines do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from errclass.classify.cleaning import clean_line
from errclass.classify.scoring import is_generic, is_healthy, is_warning, score_line

HEADLINES = [
    "ModuleNotFoundError: No module named 'yaml'",
    "java.net.ConnectException: Connection refused",
    "npm ERR! code ERESOLVE",
    "fatal: unable to access 'https://github.com/acme/app.git/': Could not resolve host: github.com",
    "error[E0382]: borrow of moved value: `name`",
    "src/main.c:12:5: error: expected ';' before 'return'",
    "panic: runtime error: index out of range [3] with length 3",
    "--- FAIL: TestTransfer (0.02s)",
    "FAILED tests/test_cart.py::test_total - assert 3 == 4",
    "E       assert 3 == 4",
    "##[error]The runner has received a shutdown signal.",
    "TEST-UNEXPECTED-FAIL | dom/test_window.html | expected true",
    "Error: Cannot find module 'express'",
]
PLAIN = [
    "write /var/lib/docker/tmp: no space left on device",
    "bash: terraform: command not found",
    "ls: cannot access 'dist': No such file or directory",
    "ssh: connect to host 10.0.0.3 port 22: Connection refused",
    'level=error msg="pull failed"',
    "Tests run: 5, Failures: 1, Errors: 0, Skipped: 0",
]
SILENT = [
    "Downloading https://repo.maven.apache.org/maven2/junit/junit/4.13/junit-4.13.pom",
    "Compiling serde v1.0.197",
    "added 245 packages in 12s",
    "Cloning into 'app'...",
    "tests/test_retry.py::test_429_rate_limit PASSED  [ 12%]",
    "✓ handles connection refused (3 ms)",
    "ok 12 - rejects an invalid token",
    "--- PASS: TestTimeout (0.00s)",
    "Found 0 errors",
    "failures: 0, errors: 0",
    "PLAY RECAP: web1 ok=12 changed=0 unreachable=0 failed=0",
    "##[group]Run ./check-errors.sh",
    "+ grep -c error build.log",
    "build succeeded without errors",
]
GENERIC = [
    "Process completed with exit code 1.",
    "##[error]Process completed with exit code 1.",
    "make: *** [Makefile:12: all] Error 2",
    "ERROR: Job failed: exit code 1",
    "ERROR: Job failed: command terminated with exit code 1",
    "Job failed",
    "Build failed in 12s",
    "Finished: FAILURE",
    "npm ERR! A complete log of this run can be found in:",
    "npm ERR! code ELIFECYCLE",
    'The command "make test" exited with 2.',
    "script returned exit code 1",
    "error: could not compile `app` (lib) due to 2 previous errors",
    "For more information about this error, see above",
    "Cleaning up project directory and file based variables",
]
SPECIFIC = [
    "npm ERR! code ENOSPC",
    "ERROR: Job failed: execution took longer than 1h0m0s seconds",
    "ERROR: Job failed (system failure): adding cache volume: no space left on device",
    "make: gcc: No such file or directory",
    "make[1]: *** No rule to make target 'proto', needed by 'all'.  Stop.",
    "Process 4711 was killed: out of memory",
    "Build input file cannot be found: 'App/Info.plist'",
    "Job's service account is not allowed to read the secret",
    "the build failed because the license server refused the connection, retry after renewing the license of the account",
    "Command 'gcc' not found, but can be installed with: apt install gcc",
]
HEALTHY = [
    "tests/test_api.py::test_429_rate_limit PASSED",
    "test parser::rejects_invalid ... ok",
    "ok  \tgithub.com/acme/app/retry\t0.412s",
    "[       OK ] Socket.Timeout (12 ms)",
    "  ✔ fails on a bad password",
    "0 errors, 0 warnings",
    "found 0 vulnerabilities",
    "Build completed successfully",
    "web1 : ok=3 changed=1 unreachable=0 failed=0",
]
NOT_HEALTHY = [
    "Tests run: 5, Failures: 1, Errors: 0, Skipped: 0",
    "Tests run: 5, Failures: 0, Errors: 2, Skipped: 0",
    "✖ 3 problems (3 errors, 0 warnings)",
    "1 error and 0 warnings generated.",
    "1 failed, 0 errors",
    "web1 : ok=3 changed=1 unreachable=1 failed=0",
    "successfully connected, but the handshake failed",
    "FAILED tests/test_api.py::test_x",
    "PASSWORD is missing",
]
WARNINGS = [
    "npm WARN deprecated request@2.88.2",
    "warning: unused variable: `x`",
    "DeprecationWarning: the imp module is deprecated",
    "connection refused, retrying in 5 s",
    "attempt 2 of 5 failed",
    'level=warning msg="slow"',
    "test_x xfail",
]
NO_WARNINGS = [
    "Error: boom",
    "npm ERR! code E404",
    "no more attempts left: connection refused",
    "the operation gave up",
    "forewarned is forearmed",
]


@pytest.mark.parametrize("line", HEADLINES)
def test_a_headline_scores_highest(line: str) -> None:
    """The line that names the failure reaches 8."""
    assert score_line(clean_line(line)) >= 8


@pytest.mark.parametrize("line", PLAIN)
def test_a_plain_failure_scores_well(line: str) -> None:
    """A line that says what failed, without a headline's form, reaches 5."""
    assert score_line(clean_line(line)) >= 5


@pytest.mark.parametrize("line", SILENT)
def test_a_quiet_line_is_no_candidate(line: str) -> None:
    """Progress, successes and echoed commands stay below 2, whatever words they hold."""
    assert score_line(clean_line(line)) < 2


@pytest.mark.parametrize("line", GENERIC)
def test_a_closing_line_is_generic(line: str) -> None:
    """It only says that something failed, and scores at most 3."""
    cleaned = clean_line(line)
    assert is_generic(cleaned.text)
    assert score_line(cleaned) <= 3


@pytest.mark.parametrize("line", SPECIFIC)
def test_a_line_with_a_cause_is_not_generic(line: str) -> None:
    """Words of closing lines do not make a line generic when it says more."""
    assert not is_generic(clean_line(line).text)


@pytest.mark.parametrize("line", HEALTHY)
def test_a_success_is_healthy(line: str) -> None:
    """Passing tests and counts of nothing are successes."""
    assert is_healthy(line)


@pytest.mark.parametrize("line", NOT_HEALTHY)
def test_a_failure_is_not_healthy(line: str) -> None:
    """A count of nothing beside a count of something is no success."""
    assert not is_healthy(line)


@pytest.mark.parametrize("line", WARNINGS)
def test_a_warning_is_known_and_no_headline(line: str) -> None:
    """Warnings and notices of retries score at most 3."""
    assert is_warning(line)
    assert score_line(clean_line(line)) <= 3


@pytest.mark.parametrize("line", NO_WARNINGS)
def test_an_error_is_no_warning(line: str) -> None:
    """Errors are not taken for warnings."""
    assert not is_warning(line)


@given(st.text(max_size=300))
def test_any_line_has_a_score_within_bounds(text: str) -> None:
    """No text raises, and every score lies between 0 and 9."""
    assert 0 <= score_line(clean_line(text)) <= 9
