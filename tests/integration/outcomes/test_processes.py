from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from errclass.core.types import Context, Label, Outcome
from errclass.outcomes import Store

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kills with SIGKILL")

WRITER = """
import sys
from errclass.core.types import Outcome
from errclass.outcomes import Store
with Store(sys.argv[1]) as store:
    for number in range(int(sys.argv[3])):
        print(store.record(Outcome(f"{sys.argv[2]}-{number}", "boom", fingerprint="f" * 16)), flush=True)
"""

KILLED_MERGE = """
import os, signal, sys
from errclass.outcomes import Store
from errclass.outcomes import archive, merging

def kill(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

moment = sys.argv[2]
if moment == "before the rows are committed":
    insert = merging.insert_absent
    merging.insert_absent = lambda *arguments: (insert(*arguments), kill())
elif moment == "between commit and removal":
    merging.settle = kill
elif moment == "before the new history is named":
    archive.Path.replace = kill
elif moment == "after the new history is named":
    archive.sync_folder = kill
elif moment == "while the new history is written":
    archive._migrate = kill
Store(sys.argv[1]).merge()
"""

HOLDER = """
import sys, duckdb
with duckdb.connect(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.read()
"""


def start(script: str, *arguments: object) -> subprocess.Popen[str]:
    """Start a Python process with its output and input at hand."""
    command = [sys.executable, "-c", script, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True, cwd="/")


def stored_ids(store: Store) -> Counter[str]:
    """Each stored id with the number of times it is stored."""
    return Counter(outcome.id for outcome in store.outcomes())


def history_ids(folder: Path) -> Counter[str]:
    """Each id in the history file itself."""
    with Store(folder) as store, store.reading() as session:
        return Counter(name for (name,) in session.execute("SELECT id FROM history.failures").fetchall())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A store folder that does not exist yet."""
    return tmp_path / "store"


def test_four_writers_and_a_merger(folder: Path) -> None:
    """All start on an absent folder at once; every acknowledged id is in the history once after the last merge."""
    writers = [start(WRITER, folder, name, 100) for name in "abcd"]
    with Store(folder) as store:
        while any(writer.poll() is None for writer in writers):
            store.merge()
        acknowledged = [line.strip() for writer in writers for line in writer.communicate()[0].splitlines()]
        store.merge()
        assert (400, 0) == (len(acknowledged), store.stats().waiting)
    assert Counter(acknowledged) == history_ids(folder)


def test_killed_writers_lose_nothing_acknowledged(folder: Path) -> None:
    """What was printed before the kill is stored; the file takes new writers afterwards."""
    writers = [start(WRITER, folder, name, 100_000) for name in "ab"]
    acknowledged = []
    for writer in writers:
        assert writer.stdout is not None
        acknowledged += [writer.stdout.readline().strip() for _ in range(20)]
        writer.kill()
        # Not by ``communicate``, which would pass over what ``readline`` left in the buffer.
        acknowledged += writer.stdout.read().split()
        writer.communicate()
    with Store(folder) as store:
        store.record(Outcome("after", "boom"))
        store.merge()
        found = stored_ids(store)
    assert set() == set(acknowledged) - set(found)
    assert {1} == set(found.values())


@pytest.mark.parametrize(
    ("moment", "merged_before"),
    [
        ("while the new history is written", False),
        ("before the new history is named", False),
        ("after the new history is named", False),
        ("before the rows are committed", False),
        ("before the rows are committed", True),
        ("between commit and removal", False),
        ("between commit and removal", True),
    ],
)
def test_killed_merge_loses_and_doubles_nothing(folder: Path, moment: str, merged_before: bool) -> None:
    """At each delicate moment: readers see everything once, and the next merge finishes the work."""
    with Store(folder) as store:
        expected = Counter([store.record(Outcome("old", "boom"))] if merged_before else [])
        store.merge()
        label = Label("test", "human")
        expected += Counter(store.record_many(Outcome(str(number), "boom", labels=(label,)) for number in range(50)))
        killed = start(KILLED_MERGE, folder, moment)
        killed.communicate(timeout=60)
        assert -signal.SIGKILL == killed.returncode
        assert expected == stored_ids(store)
        store.merge()
        assert (expected, 0) == (stored_ids(store), store.stats().waiting)
        assert (expected, 50) == (history_ids(folder), store.stats().labelled["human"])


KILLED_VACUUM = """
import os, signal, sys
from errclass.outcomes import Store, pruning
pruning.sync_folder = lambda _: os.kill(os.getpid(), signal.SIGKILL)
Store(sys.argv[1]).vacuum()
"""


def test_vacuum_after_a_killed_merge_doubles_nothing(folder: Path) -> None:
    """What the merge left in DuckDB's log belongs to the file that the vacuum replaces, even when it is killed too."""
    with Store(folder) as store:
        expected = Counter(store.record_many(Outcome(f"old-{number}", "boom") for number in range(10)))
        store.merge()
        expected += Counter(store.record_many(Outcome(str(number), "boom") for number in range(10)))
        start(KILLED_MERGE, folder, "between commit and removal").communicate(timeout=60)
        killed = start(KILLED_VACUUM, folder)
        killed.communicate(timeout=60)
        assert -signal.SIGKILL == killed.returncode
        store.merge()
        assert expected == history_ids(folder) == stored_ids(store)
        store.vacuum()
        assert expected == history_ids(folder)


def test_history_held_by_another_process(folder: Path) -> None:
    """Recording goes on, a decision has its counts, and the merge happens later."""
    with Store(folder) as store:
        store.record(Outcome("a", "boom", fingerprint="f" * 16))
        store.merge()
        holder = start(HOLDER, folder / "outcomes.duckdb")
        assert holder.stdout is not None
        assert "held\n" == holder.stdout.readline()
        store.record(Outcome("b", "boom", fingerprint="f" * 16))
        assert (2, 0) == (store.history("f" * 16, Context()).seen, store.merge())
        holder.communicate(timeout=60)
        assert (2, 1) == (store.history("f" * 16, Context()).seen, store.merge())


def test_store_survives_a_fork(folder: Path) -> None:
    """Parent and child write with the same Store value."""
    with Store(folder) as store:
        store.record(Outcome("before", "boom"))
        child = os.fork()
        if child == 0:
            store.record(Outcome("child", "boom"))
            os._exit(0)
        store.record(Outcome("parent", "boom"))
        assert 0 == os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        assert Counter(["before", "child", "parent"]) == stored_ids(store)
