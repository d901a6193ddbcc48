from __future__ import annotations

import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from support.source import find_source

from errclass.core.types import Outcome
from errclass.outcomes import Store

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kills with SIGKILL")

HOLDER = """
import sys
from errclass.outcomes import Store
with Store(sys.argv[1]).reading() as session:
    print("held", flush=True)
    sys.stdin.read()
"""


def test_nothing_acknowledged_is_lost_or_doubled(tmp_path: Path) -> None:
    """Four writers of 20,000 events, each killed five times at random moments and started again."""
    crash = runpy.run_path(str(find_source() / "benchmarks" / "crash.py"))["crash"]
    seen = crash(tmp_path / "home", events=20_000, writers=4, kills=5, seconds=300, seed=4)
    assert (20_000, 20_000, 0, 0, 0, []) == tuple(
        seen[name] for name in ("events", "acknowledged", "lost", "doubled", "foreign", "faults")
    ), seen
    assert seen["kills"] > 0


def test_sixteen_commands_at_once_while_a_reader_holds_the_history(tmp_path: Path) -> None:
    """None fails, none loses, and all of it is merged when the reader has gone."""
    folder = tmp_path / "store"
    with Store(folder) as store:
        store.record(Outcome("before", "boom"))
        store.merge()
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder)], stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True, cwd="/"
    )
    assert holder.stdout is not None
    assert "held\n" == holder.stdout.readline()
    environ = {**os.environ, "ERRCLASS_HOME": str(tmp_path / "home"), "ERRCLASS_STORE": str(folder)}
    command = [sys.executable, "-m", "errclass", "outcomes", "record", "--ack"]
    started = [
        subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environ,
            cwd="/",
        )
        for _ in range(16)
    ]
    done = [
        (process, *process.communicate(f'{{"id": "{number}", "text": "connect ETIMEDOUT"}}\n'))
        for number, process in enumerate(started)
    ]
    assert [(0, f"{number}\n", "") for number in range(16)] == [
        (process.returncode, out, err) for process, out, err in done
    ]
    holder.communicate(timeout=60)
    with Store(folder) as store:
        store.merge(wait=10)
        assert {"before", *map(str, range(16))} == {outcome.id for outcome in store.outcomes()}
        assert 0 == store.stats().waiting
