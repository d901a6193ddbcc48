"""``errclass run`` without a terminal: what comes through, what is repeated, and how it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.command_line import Finished, call_errclass, start_errclass
from support.flaky_registry import flaky_registry, write_npm_project
from support.programs import require_program

pytestmark = pytest.mark.usefixtures("use_full_model")
UNAVAILABLE = "npm error code E503\nnpm error 503 Service Unavailable - GET http://127.0.0.1:4873/left-pad\n"
SECONDS = 60


def run(tree: Path, *arguments: object, stdin: bytes = b"", **environ: str) -> Finished:
    return start_errclass("run", *arguments, cwd=tree, stdin=stdin, environ=environ)


def flaky(tree: Path, failures: int, message: str = UNAVAILABLE, code: int = 1) -> tuple[str, ...]:
    """A command that fails so often before it succeeds, and says which attempt it is."""
    (tree / "message").write_text(message)
    script = tree / "flaky.sh"
    script.write_text(
        "#!/bin/sh\n"
        f'echo x >> {tree}/calls\necho "attempt $ERRCLASS_RUN_ATTEMPT"\n'
        f'if [ "$(wc -l < {tree}/calls)" -le {failures} ]; then cat {tree}/message >&2; exit {code}; fi\n'
    )
    script.chmod(0o755)
    return ("--", str(script))


def calls(tree: Path) -> int:
    path = tree / "calls"
    return len(path.read_text().splitlines()) if path.exists() else 0


def stored(table: str) -> list[Any]:
    call_errclass("outcomes", "merge")
    return [row for row in call_errclass("outcomes", "export").lines if row["table"] == table]


def wait_until(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < deadline, "it never came to hold"
        time.sleep(0.02)


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
    except OSError:
        return False


def test_npm_ci_outlives_a_registry_that_is_unwell(tree: Path, home: Path) -> None:
    """Two calls meet a 503, the third installs."""
    require_program("npm")
    with flaky_registry(failures=2) as registry:
        for name, text in write_npm_project(registry.address).items():
            (tree / name).write_text(text)
        done = run(tree, "--report", "run.json", "--", "npm", "ci", npm_config_cache=str(home / "cache"))
    assert 0 == done.code, done.err
    assert (tree / "node_modules" / "left-pad" / "package.json").exists()
    assert 3 == len(json.loads((tree / "run.json").read_text())["attempts"])


def test_pip_outlives_a_registry_that_is_unwell(tree: Path) -> None:
    """Likewise; pip itself asks once only."""
    with flaky_registry(failures=2) as registry:
        install = ("pip", "download", "--no-deps", "--retries", "0", "--no-cache-dir", "--isolated")
        source = ("--index-url", f"{registry.address}/simple", "-d", "wheels", "left-pad")
        done = run(tree, "--report", "run.json", "--", sys.executable, "-m", *install, *source)
    report = json.loads((tree / "run.json").read_text())
    assert 0 == done.code, done.err
    assert (tree / "wheels" / "left_pad-1.0.0-py3-none-any.whl").exists()
    assert [None, None, True] == [step["exit_code"] == 0 or None for step in report["attempts"]]


def test_what_fails_for_a_while_succeeds_in_the_end(tree: Path) -> None:
    """Every call's output comes through, and the exit code is the last one's."""
    done = run(tree, *flaky(tree, 2))
    assert (0, "attempt 1\nattempt 2\nattempt 3\n") == (done.code, done.out)
    assert 2 == done.err.count("npm error code E503\nnpm error 503")
    assert "call 2 of 4 at most" in done.err


def test_everything_is_recorded(tree: Path) -> None:
    """Failures with decision and trace, each call as an attempt of the run, and that it ended well."""
    run(tree, *flaky(tree, 2))
    failures, attempts = stored("failures"), stored("attempts")
    assert ["flaky.sh"] * 2 == [row["operation"] for row in failures]
    assert [(1, False), (2, False), (3, True)] == sorted((row["number"], row["success"]) for row in attempts)
    assert 1 == len({row["operation_id"] for row in failures + attempts})
    assert all(row["started_at"] <= row["ended_at"] for row in attempts)
    assert 2 == len(stored("decisions"))


def test_a_syntax_error_is_not_repeated(tree: Path) -> None:
    """It says why."""
    (tree / "broken.py").write_text("def f(:\n")
    done = run(tree, "--report", "run.json", "--", sys.executable, "broken.py")
    report = json.loads((tree / "run.json").read_text())
    assert (1, 1) == (done.code, len(report["attempts"]))
    assert "syntax" in done.err
    assert "next: stops here" in done.err


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("--attempts", "1"), 1),
        (("--attempts", "2"), 2),
        (("--effect", "irreversible"), 1),
        (("--context", "effect=irreversible"), 1),
        (("--attempts", "9"), 4),
    ],
    ids=str,
)
def test_limits_hold(options: tuple[str, ...], expected: int, tree: Path) -> None:
    """Of the user's, of the plan's, and of what may not be repeated at all."""
    done = run(tree, *options, *flaky(tree, 99, code=7))
    assert (7, expected) == (done.code, calls(tree))


def test_no_wait_crosses_the_deadline(tree: Path) -> None:
    """It ends at once, rather than waiting in vain."""
    message = "HTTP/1.1 429 Too Many Requests\nRetry-After: 200\nerror: rate limit exceeded\n"
    done = run(tree, "--deadline", "100s", *flaky(tree, 9, message))
    assert (1, 1) == (done.code, calls(tree))
    assert "would cross the deadline" in done.err


@pytest.mark.parametrize("code", [0, 1, 2, 42, 127, 255])
def test_the_exit_code_is_the_commands_own(code: int, tree: Path) -> None:
    """Whatever it is."""
    assert code == run(tree, "--attempts", "1", "--", "sh", "-c", f"exit {code}").code


@pytest.mark.parametrize("name", ["KILL", "TERM", "SEGV", "ABRT"])
def test_a_command_that_a_signal_ended(name: str, tree: Path) -> None:
    """Gives 128 and the signal's number."""
    done = run(tree, "--quiet", "--attempts", "1", "--", "sh", "-c", f"ulimit -c 0; kill -{name} $$")
    assert 128 + getattr(signal, f"SIG{name}") == done.code


def test_a_command_that_is_not_there(tree: Path) -> None:
    """Is told as a shell tells it, also where all else is quiet."""
    done = run(tree, "--quiet", "--", "no-such-command")
    assert (127, "errclass: no-such-command: No such file or directory\n") == (done.code, done.err)


def test_a_command_that_is_no_program(tree: Path) -> None:
    """Likewise."""
    (tree / "text").write_text("hello")
    assert 126 == run(tree, "--", "./text").code


def test_streams_stay_apart_and_untouched(tree: Path) -> None:
    """Byte by byte, also where they are no text."""
    script = "import os; os.write(1, bytes(range(256)) * 999); os.write(2, b'\\xff\\x00\\r\\n' * 999)"
    command = [sys.executable, "-m", "errclass", "run", "--", sys.executable, "-c", script]
    done = subprocess.run(command, cwd=tree, capture_output=True, check=True)
    assert (bytes(range(256)) * 999, b"\xff\x00\r\n" * 999) == (done.stdout, done.stderr)


def test_two_streams_into_one_pipe_keep_their_order(tree: Path) -> None:
    """As ``2>&1`` promises."""
    script = "for i in 1 2 3 4 5 6 7 8; do echo out $i; echo err $i >&2; done"
    command = [sys.executable, "-m", "errclass", "run", "--", "sh", "-c", script]
    done = subprocess.run(command, cwd=tree, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=True)
    assert "".join(f"out {i}\nerr {i}\n" for i in range(1, 9)) == done.stdout


def test_quiet_says_nothing(tree: Path) -> None:
    """Of our own."""
    done = run(tree, "--quiet", *flaky(tree, 1))
    assert (0, UNAVAILABLE) == (done.code, done.err)


def test_json_is_one_line(tree: Path) -> None:
    """The last one, and a log's workflow commands do nothing in it."""
    done = run(tree, "--json", "--attempts", "1", *flaky(tree, 9, "::error::injected\n" + UNAVAILABLE))
    *_, last = done.err.splitlines()
    report = json.loads(last)
    assert (False, 1, "temporary") == (
        report["success"],
        report["exit_code"],
        report["attempts"][0]["decision"]["type"],
    )
    assert "::error" not in last


def test_standard_input_is_passed_on(tree: Path) -> None:
    """To a command that reads it."""
    assert "hello\n" == run(tree, "--", "cat", stdin=b"hello\n").out


def test_what_read_its_input_is_not_repeated(tree: Path) -> None:
    """For it would read something else."""
    _, script = flaky(tree, 2)
    done = run(tree, "--", "sh", "-c", f"cat; {script}", stdin=b"hello\n")
    assert (1, 1) == (done.code, calls(tree))
    assert "--stdin replay" in done.err


def test_what_left_its_input_alone_is_repeated(tree: Path) -> None:
    """A pipe at its end holds nothing to miss: so it is in most CI systems."""
    assert 0 == run(tree, *flaky(tree, 2)).code


def test_replayed_input_is_the_same_each_time(tree: Path) -> None:
    """Also where the command reads only a part of it, or nothing."""
    _, script = flaky(tree, 2)
    done = run(tree, "--quiet", "--stdin", "replay", "--", "sh", "-c", f"head -n 1; {script}", stdin=b"one\ntwo\n")
    assert (0, "one\nattempt 1\none\nattempt 2\none\nattempt 3\n") == (done.code, done.out)


def test_too_much_input_is_passed_on_and_not_repeated(tree: Path) -> None:
    """A megabyte is kept."""
    _, script = flaky(tree, 2)
    done = run(tree, "--stdin", "replay", "--", "sh", "-c", f"wc -c; {script}", stdin=b"x" * (3 << 20))
    assert (1, f"{3 << 20}") == (done.code, done.out.split()[0])
    assert "longer than the 1 MB" in done.err


def test_an_attempt_whose_time_is_up_is_ended_with_all_it_started(tree: Path) -> None:
    """Its group is told first, and killed where it does not listen."""
    script = f"trap '' TERM; sleep 600 & echo $! > {tree}/pid; wait; sleep 600"
    done = run(tree, "--attempts", "1", "--attempt-timeout", "0.5", "--", "sh", "-c", script)
    assert 137 == done.code
    assert "timed out" in done.err
    wait_until(lambda: not is_running(int((tree / "pid").read_text())))


def test_an_attempt_whose_time_is_up_is_recorded(tree: Path) -> None:
    """What was closed at its end is not closed again, when its number is that of a file of the store."""
    done = run(tree, "--attempts", "1", "--attempt-timeout", "0.5", "--", "sleep", "600")
    assert (143, False) == (done.code, "not_recorded" in done.err)
    assert (["sleep"], ["sleep"]) == (
        [row["operation"] for row in stored("failures")],
        [row["operation"] for row in stored("attempts")],
    )


def test_what_is_left_of_a_failed_call_ends_before_the_next(tree: Path) -> None:
    """Or two of it would be at work."""
    _, script = flaky(tree, 1)
    done = run(tree, "--quiet", "--", "sh", "-c", f"sleep 600 >/dev/null 2>&1 & echo $! >> {tree}/pids; exec {script}")
    first, last = map(int, (tree / "pids").read_text().split())
    try:
        assert (0, False, True) == (done.code, is_running(first), is_running(last))
    finally:
        os.kill(last, signal.SIGKILL)


def test_a_daemon_of_a_successful_command_lives_on(tree: Path) -> None:
    """And what it prints arrives, as it would without errclass."""
    out = tree / "out"
    script = f"(while [ ! -e {tree}/end ]; do echo tick; sleep 0.05; done; echo ended) & echo $! > {tree}/pid"
    with out.open("wb") as file:
        command = [sys.executable, "-m", "errclass", "run", "--", "sh", "-c", script]
        assert 0 == subprocess.run(command, cwd=tree, stdout=file, check=False).returncode
    seen = out.stat().st_size
    assert is_running(int((tree / "pid").read_text()))
    wait_until(lambda: out.stat().st_size > seen)
    (tree / "end").touch()
    wait_until(lambda: out.read_text().endswith("ended\n"))


def test_a_reader_that_leaves_ends_the_command(tree: Path) -> None:
    """As without errclass, and nothing is repeated or explained."""
    command = f"{sys.executable} -m errclass run -- yes | head -n 1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], cwd=tree, capture_output=True, text=True, check=False)
    assert (128 + signal.SIGPIPE, "y\n", "") == (done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_to_us_ends_both(name: str, tree: Path) -> None:
    """We die by it as well, nothing is repeated, and it is recorded as cancelled."""
    number = getattr(signal, name)
    command = [sys.executable, "-m", "errclass", "run", "--", "sh", "-c", f"echo $$ > {tree}/pid; exec sleep 600"]
    with subprocess.Popen(command, cwd=tree, stdin=subprocess.DEVNULL) as process:
        wait_until(lambda: (tree / "pid").exists() and (tree / "pid").read_text().strip())
        process.send_signal(number)
        assert -number == process.wait(SECONDS)
    assert not is_running(int((tree / "pid").read_text()))
    wait_until(lambda: stored("failures"))
    assert [True] == [row["cancelled"] for row in stored("failures")]


def test_a_command_that_handles_the_signal_ends_as_it_likes(tree: Path) -> None:
    """Its own exit code counts."""
    script = f"trap 'exit 9' TERM; touch {tree}/ready; while :; do sleep 0.05; done"
    command = [sys.executable, "-m", "errclass", "run", "--", "sh", "-c", script]
    with subprocess.Popen(command, cwd=tree, stdin=subprocess.DEVNULL) as process:
        wait_until((tree / "ready").exists)
        process.terminate()
        assert 9 == process.wait(SECONDS)


def test_other_signals_are_passed_on(tree: Path) -> None:
    """And the run goes on."""
    script = f"trap 'exit 0' USR1; touch {tree}/ready; while :; do sleep 0.05; done"
    command = [sys.executable, "-m", "errclass", "run", "--", "sh", "-c", script]
    with subprocess.Popen(command, cwd=tree, stdin=subprocess.DEVNULL) as process:
        wait_until((tree / "ready").exists)
        process.send_signal(signal.SIGUSR1)
        assert 0 == process.wait(SECONDS)


def test_a_signal_while_it_waits_ends_the_run(tree: Path) -> None:
    """No further call is made."""
    message = "HTTP/1.1 429 Too Many Requests\nRetry-After: 200\nerror: rate limit exceeded\n"
    command = [sys.executable, "-m", "errclass", "run", *flaky(tree, 9, message)]
    with subprocess.Popen(command, cwd=tree, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        shown = ""
        while "next: again in" not in shown:
            line = process.stderr.readline()
            assert line, shown
            shown += line
        process.send_signal(signal.SIGINT)
        assert -signal.SIGINT == process.wait(SECONDS)
    assert 1 == calls(tree)


def test_a_run_within_a_run_repeats_nothing(tree: Path) -> None:
    """The outer one repeats, so that calls do not multiply."""
    done = run(tree, "--quiet", "--", sys.executable, "-m", "errclass", "run", *flaky(tree, 2))
    assert (0, 3) == (done.code, calls(tree))
    assert "errclass:" not in done.err


def test_a_run_within_a_run_keeps_its_time(tree: Path) -> None:
    """A limit of its own is still one."""
    inner = ("-m", "errclass", "run", "--attempt-timeout", "0.3", "--", "sleep", "600")
    assert 143 == run(tree, "--quiet", "--attempts", "1", "--", sys.executable, *inner).code


def test_a_call_that_succeeds_at_once_is_counted(tree: Path, home: Path) -> None:
    """By whoever opens the store next."""
    done = run(tree, "--context", "environment=staging", "--context", "team=blue", "--", "true")
    assert (0, "", False) == (done.code, done.err, (home / "store").exists())
    assert [("true", "staging", True)] == [
        (row["operation"], row["environment"], row["success"]) for row in stored("attempts")
    ]
    assert [] == list(home.glob("calls-*"))


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"ERRCLASS_MODEL": "no-such-model"}, "no-such-model"),
        ({"ERRCLASS_DECISION__MAX_ATTEMPTS": "many"}, "MAX_ATTEMPTS"),
        ({"ERRCLASS_STORE": "/proc/none"}, "not_recorded"),
        ({"ERRCLASS_HOME": "/proc/none"}, ""),
    ],
    ids=str,
)
def test_a_broken_errclass_costs_the_command_nothing(environ: dict[str, str], said: str, tree: Path) -> None:
    """Its output and its exit code are those that it has without us, when it fails and when it does not."""
    failed = run(tree, "--", "sh", "-c", "echo out; echo err >&2; exit 5", **environ)
    assert (5, "out\n", "err\n") == (failed.code, failed.out, failed.err[:4])
    assert said in failed.err
    assert "Traceback" not in failed.err
    fine = run(tree, "--", "echo", "fine", **environ)
    assert (0, "fine\n", "") == (fine.code, fine.out, fine.err)


def test_broken_rules_repeat_nothing(tree: Path) -> None:
    """They are told."""
    rules = tree / "rules" / "retry"
    rules.mkdir(parents=True)
    (rules / "bad.yaml").write_text("title: [\n")
    done = run(tree, *flaky(tree, 2), ERRCLASS_DECISION__RULES=json.dumps([str(tree / "rules")]))
    assert (1, 1) == (done.code, calls(tree))


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_standard_files_are_no_fault(closed: str, tree: Path) -> None:
    """Nothing of ours takes their places."""
    command = f"{sys.executable} -m errclass run -- sh -c 'echo out; exit 3' {closed}"
    assert 3 == subprocess.run(["sh", "-c", command], cwd=tree, capture_output=True, check=False).returncode


def test_a_report_that_cannot_be_written_costs_nothing(tree: Path) -> None:
    """It is told."""
    done = run(tree, "--report", "missing/run.json", "--", "true")
    assert (0, True) == (done.code, "the report was not written" in done.err)


def test_a_report_hides_secrets(tree: Path) -> None:
    """Those on the command line too."""
    run(tree, "--report", "run.json", "--", "true", "--password=hunter2hunter2")
    assert "hunter2" not in (tree / "run.json").read_text()


def test_github_gets_a_group_and_annotations(tree: Path) -> None:
    """The command's text cannot give commands of its own through ours."""
    message = "::add-mask::x\nnpm error ##vso[task.complete] 50%\n" + UNAVAILABLE
    done = run(tree, "--attempts", "1", *flaky(tree, 9, message), GITHUB_ACTIONS="true")
    ours = done.err.removeprefix(message)
    assert ours.startswith("::group::errclass: flaky.sh failed")
    assert "\n::endgroup::\n::error title=errclass%3A flaky.sh::" in ours
    assert ("::add-mask" in ours, "##vso[" in ours) == (False, False)


def test_gitlab_gets_a_section(tree: Path) -> None:
    """With its end."""
    done = run(tree, "--attempts", "1", *flaky(tree, 9), GITLAB_CI="true")
    assert (1, 1) == (done.err.count("section_start:"), done.err.count("section_end:"))


def test_a_ci_system_tells_the_place(tree: Path) -> None:
    """So that failures of jobs can be told apart."""
    environ = {"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "me/web", "GITHUB_SHA": "abc123", "GITHUB_JOB": "build"}
    run(tree, "--attempts", "1", *flaky(tree, 9), **environ)
    assert [("me/web", "abc123", "build")] == [
        (row["repository"], row["commit_id"], row["job"]) for row in stored("failures")
    ]


def test_much_output_is_carried_in_bounded_memory(tree: Path) -> None:
    """All of it arrives; of a failure its head and tail are looked at."""
    script = (
        "import os, sys\n"
        "for _ in range(640): os.write(1, b'a line of output\\n' * 6554)\n"
        f"os.write(2, {UNAVAILABLE.encode()!r}); sys.exit(1)"
    )
    command = [sys.executable, "-m", "errclass", "run", "--attempts", "1", "--report", "run.json", "--"]
    with (tree / "out").open("wb") as out:
        subprocess.run([*command, sys.executable, "-c", script], cwd=tree, stdout=out, check=False)
    step = json.loads((tree / "run.json").read_text())["attempts"][0]
    assert 640 * 6554 * 17 == (tree / "out").stat().st_size
    assert "temporary" == step["decision"]["type"]
    assert 640 * 6554 * 17 + len(UNAVAILABLE) == step["output_bytes"]


def test_the_settings_say_how_often_it_is_run(tree: Path) -> None:
    """More often than the preset, where they say so; a switch ends it at one."""
    run(tree, *flaky(tree, 99), ERRCLASS_RETRY__ATTEMPTS="2", ERRCLASS_RETRY__BASE_DELAY="0")
    assert 2 == calls(tree)
    done = run(tree, *flaky(tree, 99), ERRCLASS_ENABLE__RETRY="false")
    assert (1, 3) == (done.code, calls(tree))


def test_a_deadline_of_the_settings_begins_no_wait_that_would_reach_it(tree: Path) -> None:
    """And says so."""
    done = run(
        tree,
        *flaky(tree, 99),
        ERRCLASS_RETRY__TIMEOUT="1",
        ERRCLASS_RETRY__BASE_DELAY="30",
        ERRCLASS_RETRY__JITTER="none",
    )
    assert (1, True) == (calls(tree), "would cross the deadline" in done.err)


def test_what_is_not_to_be_tracked_is_not_recorded(tree: Path) -> None:
    """Neither failures nor successes."""
    run(tree, *flaky(tree, 1), ERRCLASS_ENABLE__TRACKING="false", ERRCLASS_RETRY__BASE_DELAY="0")
    assert (2, [], []) == (calls(tree), stored("attempts"), stored("failures"))
