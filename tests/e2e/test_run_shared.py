"""Runs of one operation in many processes: one circuit breaker and one budget of retries."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.command_line import start_errclass

from errclass.actions.breaker import SharedCircuitBreaker
from errclass.outcomes import Store

pytestmark = pytest.mark.usefixtures("use_full_model")
UNAVAILABLE = "npm error code E503\nnpm error 503 Service Unavailable - GET http://127.0.0.1:4873/left-pad\n"
NAME = "install.sh"
SECONDS = 60


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    """The store of the runs."""
    with Store(home / "store") as store:
        yield store


def write_install(tree: Path, text: str) -> Path:
    """A command that notes its calls."""
    (tree / "message").write_text(UNAVAILABLE)
    script = tree / NAME
    script.write_text(f"#!/bin/sh\necho $$ >> {tree}/calls\n{text}\n")
    script.chmod(0o755)
    return script


@pytest.fixture
def failing(tree: Path) -> Path:
    """A command whose registry is unwell."""
    return write_install(tree, f"cat {tree}/message >&2; exit 7")


def start(*arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "errclass", "run", *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def calls(tree: Path) -> list[int]:
    path = tree / "calls"
    return [int(line) for line in path.read_text().split()] if path.exists() else []


def wait_until_called(tree: Path, times: int) -> None:
    deadline = time.monotonic() + SECONDS
    while len(calls(tree)) < times:
        assert time.monotonic() < deadline, "it was not called so often"
        time.sleep(0.02)


def trip(store: Store, seconds_ago: float) -> None:
    """Open the breaker as failures of a while ago did."""
    breaker = SharedCircuitBreaker(store, NAME, clock=lambda: time.time() - seconds_ago)
    while breaker.state == "closed":
        breaker.report(breaker.acquire(), "failure")


def test_failures_of_some_runs_stop_the_others(tree: Path, failing: Path) -> None:
    """Each makes its first call, says why there is no second one, and ends as its command did."""
    first = [start("--attempts", 1, "--", failing) for _ in range(5)]
    assert [7] * 5 == [process.wait(SECONDS) for process in first]
    for process in first:
        process.communicate()
    late = [start("--", failing) for _ in range(3)]
    ended = [(process.communicate(timeout=SECONDS), process.returncode) for process in late]
    assert [7] * 3 == [code for _, code in ended]
    assert 5 + 3 == len(calls(tree))
    for (out, err), _ in ended:
        assert "" == out
        assert f"stops here: the circuit breaker of {NAME} is open for" in err
        assert f"why: The circuit breaker of {NAME} is open." in err


def test_a_run_that_waits_is_stopped_by_failures_of_others(tree: Path, failing: Path, store: Store) -> None:
    """Its breaker is open when the wait is over."""
    (tree / "message").write_text("HTTP/1.1 503 Service Unavailable\nRetry-After: 5\n")
    waiting = start("--", failing)
    assert waiting.stderr is not None
    said = ""
    while "again in" not in said:
        line = waiting.stderr.readline()
        assert line, said
        said += line
    trip(store, 0)
    _, rest = waiting.communicate(timeout=SECONDS)
    assert (7, 1) == (waiting.returncode, len(calls(tree)))
    assert f"errclass: stops here: the circuit breaker of {NAME} is open for" in rest


def test_a_spent_budget_stops_the_retry(tree: Path, failing: Path, store: Store) -> None:
    """With a sentence."""
    store.change_state("budget", NAME, lambda _: ({"tokens": 3.0, "counted_at": time.time()}, None))
    done = start_errclass("run", "--", failing, cwd=tree)
    assert (7, 1) == (done.code, len(calls(tree)))
    assert f"stops here: the budget of retries of {NAME} is spent, by this and other runs" in done.err


def test_another_operation_goes_on(tree: Path, failing: Path, store: Store) -> None:
    """Limits are those of one name."""
    trip(store, 0)
    done = start_errclass("run", "--attempts", "2", "--operation", "other", "--", failing, cwd=tree)
    assert (7, 2) == (done.code, len(calls(tree)))


def test_a_success_closes_an_open_breaker(tree: Path, store: Store) -> None:
    """Once its time is over, also at the first call, which nothing else is asked about."""
    write_install(tree, "echo fine")
    trip(store, 61)
    done = start_errclass("run", "--", tree / NAME, cwd=tree)
    assert (0, "fine\n", "") == (done.code, done.out, done.err)
    breaker, deadline = SharedCircuitBreaker(store, NAME), time.monotonic() + SECONDS
    while breaker.state != "closed":
        assert time.monotonic() < deadline, "it never closed"
        time.sleep(0.05)


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="kills with SIGKILL")
def test_a_killed_run_leaves_the_limits_usable(tree: Path, store: Store) -> None:
    """With -9, in its second call: the next run counts, pays and repeats as usual."""
    write_install(
        tree,
        f'case "$(wc -l < {tree}/calls)" in 1|3) cat {tree}/message >&2; exit 7;; 2) exec sleep 600;; esac; echo fine',
    )
    killed = start("--", tree / NAME)
    wait_until_called(tree, 2)
    killed.kill()
    killed.communicate()
    os.kill(calls(tree)[1], signal.SIGKILL)
    assert 486 <= (store.read_state("budget", NAME) or {})["tokens"] < 486.1
    done = start_errclass("run", "--", tree / NAME, cwd=tree)
    assert (0, "fine\n", 4) == (done.code, done.out, len(calls(tree)))
    breaker = SharedCircuitBreaker(store, NAME)
    assert ("closed", 2, 1) == (breaker.state, breaker.status().failure_count, breaker.status().success_count)


def test_an_inbox_that_is_damaged_costs_nothing(tree: Path, failing: Path, home: Path) -> None:
    """Neither output nor exit code, of a failure or a success."""
    (home / "store").mkdir(parents=True)
    (home / "store" / "inbox.sqlite").write_text("no database")
    failed = start_errclass("run", "--attempts", "1", "--", failing, cwd=tree)
    fine = start_errclass("run", "--", "echo", "fine", cwd=tree)
    assert (7, "", UNAVAILABLE) == (failed.code, failed.out, failed.err[: len(UNAVAILABLE)])
    assert (0, "fine\n", "") == (fine.code, fine.out, fine.err)
