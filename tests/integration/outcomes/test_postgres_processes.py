"""Several processes on one PostgreSQL server: killed, started again, and the server itself stopped."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from errclass.core.errors import StoreError
from errclass.core.types import Context, Label, Outcome
from errclass.outcomes import Store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.postgres import PostgresServer

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kills with SIGKILL")

WRITER = """
import sys
from errclass.core.types import Outcome
from errclass.outcomes import Store
with Store(sys.argv[1]) as store:
    for number in range(int(sys.argv[3]), int(sys.argv[4])):
        outcome = Outcome(f"{sys.argv[2]}-{number}", "boom", fingerprint="ffff", success=number % 2 == 0)
        print(store.record(outcome), flush=True)
        if number % 7 == 0:
            store.merge()
"""
MERGER = """
import sys
from errclass.outcomes import Store
with Store(sys.argv[1]) as store:
    print("ready", flush=True)
    while True:
        store.merge(wait=1)
"""
KILLED_MERGE = """
import os, signal, sys
from errclass.outcomes import Store
from errclass.outcomes.postgres import counting, merging

def kill(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

moment = sys.argv[2]
if moment == "before the rows are inserted":
    merging.insert_staged = kill
elif moment == "before the rows are counted":
    counting.add_fresh = kill
elif moment == "before the events are removed":
    insert = merging._insert
    merging._insert = lambda *arguments: (insert(*arguments), kill())
elif moment == "after the commit":
    merging._forget_old = kill
Store(sys.argv[1]).merge()
"""

REPORT = """
import sys, psycopg
from contextlib import suppress
from errclass.core.errors import StoreError
from errclass.core.types import Outcome
from errclass.outcomes import Store
with Store(sys.argv[1]) as store:
    store.record(Outcome("a", "boom"))
    with suppress(StoreError), store.reading() as session, psycopg.connect({!r}) as administrator:
        administrator.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'errclass'"
        )
        if {!r}:
            session.execute("SELECT * FROM history.failures").fetchall()
            raise RuntimeError("the lost connection was not noticed")
    print(store.stats().outcomes)
"""


def start(script: str, *arguments: object) -> subprocess.Popen[str]:
    """Start a Python process with its output at hand."""
    command = [sys.executable, "-c", script, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd="/")


def read_rest(process: subprocess.Popen[str]) -> list[str]:
    """Return what a process wrote until it ended."""
    assert process.stdout is not None
    lines = process.stdout.read().split()
    process.communicate()
    return lines


@pytest.fixture
def address(postgres: PostgresServer) -> Iterator[str]:
    """The address of a schema that does not exist yet."""
    with postgres.lend_place() as place:
        yield place


@pytest.fixture
def schema(address: str) -> str:
    """The name of that schema."""
    return address.rpartition("=")[2]


def stored(postgres: PostgresServer, schema: str) -> Counter[str]:
    """Each id in the table itself with the number of times it is there."""
    return Counter(name for (name,) in postgres.ask(f"SELECT id FROM {schema}.failures"))


def test_four_writers_begin_at_once(postgres: PostgresServer, address: str, schema: str) -> None:
    """One makes the schema, all write and merge; what is acknowledged is there once, and counted once."""
    writers = [start(WRITER, address, name, 0, 60) for name in "abcd"]
    acknowledged = [line for writer in writers for line in read_rest(writer)]
    with Store(address) as store:
        store.merge(wait=10)
        found = store.history("ffff", Context())
        assert (240, (0, 0)) == (len(acknowledged), store.count_waiting())
        assert (240, 240) == (found.seen, store.stats().outcomes)
    assert Counter(acknowledged) == stored(postgres, schema)


def test_killed_and_restarted_writers_lose_and_double_nothing(
    postgres: PostgresServer, address: str, schema: str
) -> None:
    """Four writers and a merger are killed at any moment; started again, the writers send the same ids once more."""
    chance, acknowledged = random.Random(7), set[str]()
    for _ in range(3):
        writers = [start(WRITER, address, name, 0, 100_000) for name in "abcd"]
        merger = start(MERGER, address)
        for writer in writers:
            assert writer.stdout is not None
            acknowledged |= {writer.stdout.readline().strip() for _ in range(15)}
        time.sleep(chance.random() / 2)
        for process in (merger, *writers):
            process.kill()
        read_rest(merger)
        acknowledged |= {line for writer in writers for line in read_rest(writer) if "-" in line}
    with Store(address) as store:
        store.merge(wait=10)
        found, stats = store.history("ffff", Context()), store.stats()
        assert (0, stats.outcomes) == (stats.waiting, found.seen)
    there = stored(postgres, schema)
    # Of a line that a kill cut off, the beginning may look like another id.
    assert set() == {name for name in acknowledged if name not in there}
    assert {1} == set(there.values())


@pytest.mark.parametrize(
    "moment",
    [
        "before the rows are inserted",
        "before the rows are counted",
        "before the events are removed",
        "after the commit",
    ],
)
def test_a_killed_merge_loses_and_doubles_nothing(
    postgres: PostgresServer, address: str, schema: str, moment: str
) -> None:
    """At each delicate moment: readers see everything once, and the next merge finishes the work at once."""
    label = Label("test", "human")
    with Store(address) as store:
        names = store.record_many(
            Outcome(str(number), "boom", fingerprint="ffff", labels=(label,)) for number in range(50)
        )
        killed = start(KILLED_MERGE, address, moment)
        killed.communicate(timeout=60)
        assert -signal.SIGKILL == killed.returncode
        assert Counter(names) == Counter(outcome.id for outcome in store.outcomes())
        store.merge(wait=10)
        found, stats = store.history("ffff", Context()), store.stats()
        assert (0, 50, 50, 50) == (stats.waiting, stats.outcomes, stats.labelled["human"], found.seen)
    assert Counter(names) == stored(postgres, schema)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT])
def test_a_stopped_server_is_a_fault_and_a_started_one_goes_on(
    postgres: PostgresServer, address: str, how: signal.Signals
) -> None:
    """Stopped in order or crashed: with one and the same value, and nothing acknowledged is lost."""
    with Store(address) as store:
        store.record(Outcome("before", "boom", fingerprint="ffff"))
        postgres.stop(how)
        try:
            for act in (
                lambda: store.record(Outcome("meanwhile", "boom")),
                lambda: store.history("ffff", Context()),
                store.merge,
                store.stats,
                store.exists,
            ):
                with pytest.raises(StoreError, match="start the server"):
                    act()
        finally:
            postgres.start()
        store.record(Outcome("after", "boom", fingerprint="ffff"))
        assert 2 == store.history("ffff", Context()).seen
        assert (2, 2) == (store.merge(), store.stats().outcomes)


@pytest.mark.parametrize("asks_again", [True, False])
def test_a_report_that_the_server_leaves_ends_as_a_fault(
    postgres: PostgresServer, address: str, asks_again: bool
) -> None:
    """Never by aborting the process, as DuckDB's extension does of itself; the next report works."""
    script = REPORT.format(postgres.address(), asks_again)
    command = [sys.executable, "-c", script, address]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd="/")
    assert (0, "1\n") == (done.returncode, done.stdout), done.stderr
