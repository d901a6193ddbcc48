"""Measure how fast several processes write outcomes durably, until the rows are visible in the marts.

The clock stops when a reader of the marts, which sees the history and what still waits, counts all of them.

Beside it stands the plain way: one autocommit insert per row into a DuckDB file, by one process, for DuckDB takes no
more. The same rows, on the same disk, in one run.

    python benchmarks/durable_writes.py --events 20000
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from errclass.core.types import Context, Outcome
from errclass.outcomes import Store, open_marts, outcome_events
from errclass.outcomes.records import read_event
from errclass.outcomes.tables import TABLES

TEXT = "npm error code ETIMEDOUT\nnpm error network request to the registry failed\n" * 6
_WRITER = """
import sys
sys.path.insert(0, sys.argv[5])
from durable_writes import make_outcome
from errclass.outcomes import BackgroundMerger, Store
name, events, group = sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
outcomes = [make_outcome(f"{name}-{number}") for number in range(events)]
sys.stdin.readline()
with Store(sys.argv[1]) as store, BackgroundMerger(store, interval=0.5):
    for first in range(0, events, group):
        store.record_many(outcomes[first : first + group])
    print("written", flush=True)
"""


def make_outcome(name: str) -> Outcome:
    """Return an outcome as a failed deployment leaves it; two hundred causes in all."""
    cause = f"{hash(name) % 200:016x}"
    return Outcome(
        name, TEXT, fingerprint=cause, context=Context("production", "deploy", operation_id=name), tool="npm"
    )


def write_by_inbox(folder: Path, *, events: int, processes: int, group: int) -> float:
    """Return the seconds from the first write until all events are counted by a reader of the marts."""
    share = events // processes
    command = [sys.executable, "-c", _WRITER, str(folder)]
    writers = [
        subprocess.Popen(  # noqa: S603 - it is ourselves
            [*command, f"w{number}", str(share), str(group), str(Path(__file__).parent)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(processes)
    ]
    time.sleep(3)  # until all have made their outcomes
    start = time.perf_counter()
    for writer in writers:
        assert writer.stdin is not None  # noqa: S101 - it is a pipe
        writer.stdin.write("go\n")
        writer.stdin.flush()
    for writer in writers:
        assert writer.stdout is not None  # noqa: S101 - it is a pipe
        writer.stdout.readline()
    with Store(folder) as store, open_marts(store, "failure_facts", wait=60) as session:
        (found,) = session.execute("SELECT count(*) FROM failure_facts").fetchall()[0]
    seconds = time.perf_counter() - start
    for writer in writers:
        writer.communicate()
    if found != share * processes:
        raise SystemExit(f"{found} of {share * processes} events arrived")
    return seconds


def write_by_autocommit(folder: Path, *, events: int) -> float:
    """Return the seconds that one insert per event takes, each its own transaction."""
    import duckdb

    made = [event for number in range(events) for event in outcome_events(make_outcome(f"plain-{number}"))]
    rows = [record for event in made for _, record in read_event(event) or ()]
    columns = TABLES["failures"]
    with duckdb.connect(folder / "plain.duckdb") as plain:
        plain.execute(f"CREATE TABLE failures ({', '.join(map(' '.join, columns.items()))}, PRIMARY KEY (id))")
        insert = f"INSERT INTO failures VALUES ({', '.join('?' * len(columns))})"  # noqa: S608 - question marks
        start = time.perf_counter()
        for row in rows:
            plain.execute(insert, [row[name] for name in columns])
        return time.perf_counter() - start


def main() -> None:
    """Write both ways and print rates."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=20_000, help="default: 20000")
    parser.add_argument("--processes", type=int, default=4, help="default: 4")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="errclass-writes-") as folder:
        plain_events = max(options.events // 20, 100)
        plain = plain_events / write_by_autocommit(Path(folder), events=plain_events)
        print(f"one autocommit insert per row into DuckDB: {plain:,.0f} rows/s")
        for group in (1, 10, 50, 500):
            place = Path(folder) / f"group-{group}"
            seconds = write_by_inbox(place, events=options.events, processes=options.processes, group=group)
            rate = options.events / seconds
            print(
                f"{options.processes} processes, {group} per commit, until in the marts: "
                f"{rate:,.0f} rows/s, {rate / plain:.1f} times as many",
                flush=True,
            )


if __name__ == "__main__":
    main()
