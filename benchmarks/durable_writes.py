"""Measure how fast several processes write outcomes durably, until the rows are visible in the marts.

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
from errclass.outcomes import Store

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
"""


def make_outcome(name: str) -> Outcome:
    """Return an outcome as a failed deployment leaves it; two hundred causes in all."""
    cause = f"{hash(name) % 200:016x}"
    return Outcome(
        name, TEXT, fingerprint=cause, context=Context("production", "deploy", operation_id=name), tool="npm"
    )


def write_by_inbox(folder: Path, *, events: int, processes: int, group: int) -> float:
    """Return the seconds from the first write until all events are counted by a reader of the merged history."""
    share = events // processes
    command = [sys.executable, "-c", _WRITER, str(folder)]
    writers = [
        subprocess.Popen(  # noqa: S603 - it is ourselves
            [*command, f"w{number}", str(share), str(group), str(Path(__file__).parent)],
            stdin=subprocess.PIPE,
            text=True,
        )
        for number in range(processes)
    ]
    time.sleep(3)  # until all have made their outcomes
    start = time.perf_counter()
    for writer in writers:
        writer.communicate("go\n")
    with Store(folder) as store:
        store.merge(wait=60)
        seconds = time.perf_counter() - start
        with store.reading() as session:
            (found,) = session.execute("SELECT count(*) FROM history.failures").fetchall()[0]
    if found != share * processes:
        raise SystemExit(f"{found} of {share * processes} events arrived")
    return seconds


def write_by_autocommit(folder: Path, *, events: int) -> float:
    """Return the seconds that one insert per event takes, each its own transaction."""
    import duckdb

    outcomes = [make_outcome(f"plain-{number}") for number in range(events)]
    with duckdb.connect(folder / "plain.duckdb") as plain:
        plain.execute("CREATE TABLE failures (id VARCHAR PRIMARY KEY, moment TIMESTAMP, text VARCHAR, cause VARCHAR)")
        start = time.perf_counter()
        for one in outcomes:
            row = [one.id, one.time.replace(tzinfo=None), one.text, one.fingerprint]
            plain.execute("INSERT INTO failures VALUES (?, ?, ?, ?)", row)
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
