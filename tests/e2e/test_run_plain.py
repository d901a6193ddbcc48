"""``errclass run`` where Python has no terminals and process groups, as on Windows: the imports are kept from it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from support.command_line import Finished, start_errclass

pytestmark = pytest.mark.usefixtures("use_full_model")
MISSING = ("fcntl", "pty", "termios", "tty")
PLAIN = f"import sys; sys.modules.update(dict.fromkeys({MISSING})); from errclass.cli import main; main()"
UNAVAILABLE = "npm error code E503\nnpm error 503 Service Unavailable - GET http://127.0.0.1:4873/left-pad\n"
SECONDS = 60


def run(tree: Path, *arguments: object, stdin: bytes = b"", **environ: str) -> Finished:
    return start_errclass("run", *arguments, cwd=tree, stdin=stdin, environ=environ, program=("-c", PLAIN))


def start(tree: Path, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", PLAIN, "run", *map(str, arguments)]
    return subprocess.Popen(
        command, cwd=tree, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def python(script: str) -> tuple[str, ...]:
    return ("--", sys.executable, "-c", script)


def read_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def flaky(tree: Path, failures: int) -> tuple[str, ...]:
    """A command that fails so often before it succeeds."""
    return python(
        f"import os, sys; attempt = int(os.environ['ERRCLASS_RUN_ATTEMPT']); print('attempt', attempt)\n"
        f"if attempt <= {failures}: sys.exit({UNAVAILABLE!r})"
    )


def test_every_module_of_the_package_can_be_imported_without_them() -> None:
    """But for those that are about terminals, which nothing else imports."""
    script = (
        f"import sys; sys.modules.update(dict.fromkeys({MISSING}))\n"
        "import errclass.cli.run_command, errclass.cli.run_entry, errclass.system.jobs.run_decisions\n"
        "import errclass.actions.run.plain_host, errclass.system.wiring, errclass.testing"
    )
    assert 0 == subprocess.run([sys.executable, "-c", script], check=False).returncode


def test_a_recovery_is_only_named(tree: Path) -> None:
    """Its steps need process groups."""
    failing = python("import sys; sys.exit(\"ModuleNotFoundError: No module named 'left_pad'\")")
    done = run(tree, "--recover", "auto", *failing)
    assert (1, True) == (done.code, "is due, but recoveries need what this operating system lacks" in done.err)


def test_output_and_exit_code_are_the_commands_own(tree: Path) -> None:
    """Both streams, byte by byte."""
    script = "import os, sys; os.write(1, bytes(range(256)).hex().encode()); os.write(2, b'err'); sys.exit(5)"
    done = run(tree, "--quiet", *python(script))
    assert (5, bytes(range(256)).hex(), "err") == (done.code, done.out, done.err)


def test_what_fails_for_a_while_succeeds_in_the_end(tree: Path) -> None:
    """Decided, recorded and repeated as elsewhere."""
    with (tree / "nothing").open("w+") as nothing:
        command = [sys.executable, "-c", PLAIN, "run", "--report", "run.json", *flaky(tree, 2)]
        done = subprocess.run(command, cwd=tree, stdin=nothing, capture_output=True, text=True, check=False)
    assert (0, "attempt 1\nattempt 2\nattempt 3\n") == (done.returncode, done.stdout)
    report = json.loads((tree / "run.json").read_text())
    assert [True, True, False] == [step["outcome_id"] is not None for step in report["attempts"]]


def test_a_success_says_nothing(tree: Path) -> None:
    """And costs nothing."""
    done = run(tree, *python("print('fine')"))
    assert (0, "fine\n", "") == (done.code, done.out, done.err)


def test_standard_input_is_handed_on(tree: Path) -> None:
    """What may have been read from it is not repeated."""
    done = run(tree, *python(f"print(input()); raise SystemExit({UNAVAILABLE!r})"), stdin=b"hello\n")
    assert (1, "hello\n") == (done.code, done.out)
    assert "stops here: the command may have read its standard input" in done.err


@pytest.mark.parametrize(("command", "code"), [("no-such-command", 127), (".", 126)])
def test_what_cannot_be_started_is_told(command: str, code: int, tree: Path) -> None:
    """As a shell tells it."""
    done = run(tree, "--", command)
    assert (code, "") == (done.code, done.out)
    assert f"errclass: {command}: " in done.err


def test_a_call_whose_time_is_up_is_ended(tree: Path) -> None:
    """Once, where only one is allowed."""
    done = run(tree, "--attempts", 1, "--attempt-timeout", 0.5, *python("import time; time.sleep(600)"))
    assert 143 == done.code
    assert "timed out" in done.err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_us_ends_both(number: signal.Signals, tree: Path) -> None:
    """And nothing is repeated."""
    script = "import os, time; print(os.getpid(), flush=True); time.sleep(600)"
    process = start(tree, *python(script))
    assert read_line(process).strip().isdigit()
    process.send_signal(number)
    out, _ = process.communicate(timeout=SECONDS)
    assert (-number, "") == (process.returncode, out)


def test_a_signal_while_it_waits_ends_the_run(tree: Path) -> None:
    """Before the next call."""
    message = "HTTP/1.1 503 Service Unavailable\\nRetry-After: 100\\n"
    process = start(tree, *python(f"raise SystemExit('{message}')"))
    assert process.stderr is not None
    while "again in" not in process.stderr.readline():
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=SECONDS)
    assert -signal.SIGINT == process.returncode


def test_much_output_arrives_whole(tree: Path) -> None:
    """Also where its reader takes its time at first."""
    process = start(tree, *python("import sys; sys.stdout.write('x' * 9_999_999)"))
    out, err = process.communicate(timeout=SECONDS)
    assert (0, 9_999_999, "") == (process.returncode, len(out), err)


def test_a_reader_that_leaves_ends_the_command(tree: Path) -> None:
    """As a pipe of its own would."""
    process = start(tree, "--quiet", *python("while True: print('y' * 999)"))
    read_line(process)
    assert process.stdout is not None
    process.stdout.close()
    process.stdout = None
    process.communicate(timeout=SECONDS)
    assert 0 != process.returncode
