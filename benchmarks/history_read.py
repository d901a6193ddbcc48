"""Measure how long a decision waits for its history in a store of many outcomes.

The history is filled with made-up outcomes by SQL, and counted: a few hundred thousand causes, most of them rare. Then
the history of single causes is read, on an open store and from a process that starts cold, beside the same question
put to DuckDB over the bare table.

    python benchmarks/history_read.py --outcomes 10000000
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from errclass.core.types import Context
from errclass.outcomes import Store
from errclass.outcomes.inbox import Inbox
from errclass.outcomes.merging import write_history

_COLD = """
import sys
from errclass.core.types import Context
from errclass.outcomes import Store
with Store(sys.argv[1]) as store:
    assert store.history(sys.argv[2], Context(operation="deploy"), type="network", category="transient").seen
"""
_ROWS = """
SELECT
    printf('%08x-%04x-7%03x-8%03x-%012x', t >> 16, t & 65535, i % 4096, i % 4096, i) AS id,
    make_timestamp(t * 1000) AS occurred_at,
    'npm error code ETIMEDOUT connect to host ' || i AS text,
    printf('%016x', hash((CAST(pow(hash(i) / 1.8446744073709552e19, 3) * {causes} AS BIGINT)))) AS fingerprint,
    'npm' AS tool, 'deploy' AS operation, 'job ' || (i % 500) AS job, '[]' AS tags, '{{}}' AS metadata, 1 AS attempt,
    FALSE AS cancelled
FROM (SELECT i, 1767225600000 + i * 1000 AS t FROM range({start}, {end}) AS rows (i))
"""


def fill(store: Store, outcomes: int, causes: int) -> float:
    """Fill the history, as merges would in time, count it, and return the seconds it took."""
    start, chunk = time.perf_counter(), 1_000_000
    inbox = Inbox(Path(store.place) / "inbox.sqlite")
    with write_history(inbox, Path(store.place) / "outcomes.duckdb", wait=1) as session:
        for first in range(0, outcomes, chunk):
            query = _ROWS.format(causes=causes, start=first, end=min(first + chunk, outcomes))
            session.execute(f"INSERT INTO failures BY NAME {query}")
    inbox.close()
    store.recount()
    return time.perf_counter() - start


def main() -> None:
    """Fill, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--outcomes", type=int, default=1_000_000, help="default: 1000000")
    parser.add_argument("--causes", type=int, default=200_000, help="fingerprints among them (default: 200000)")
    parser.add_argument("--folder", type=Path, help="keep the store there and use it again")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="errclass-history-") as temporary:
        folder = options.folder or Path(temporary)
        with Store(folder) as store:
            if not store.exists():
                print(f"filled in {fill(store, options.outcomes, options.causes):.0f} s")
            measure(store, folder)


def measure(store: Store, folder: Path) -> None:
    """Print medians and the slowest of a hundred."""
    with store.reading() as session:
        rows = session.execute("SELECT DISTINCT fingerprint FROM failures USING SAMPLE 100 ROWS").fetchall()
    causes = [cause for (cause,) in rows]
    ask = partial(store.history, context=Context(operation="deploy"), type="network", category="transient")
    ask(causes[0])
    warm = [_time(partial(ask, cause)) for cause in causes]
    with store.reading() as session:
        query = "SELECT count(*), min(occurred_at), max(occurred_at) FROM failures WHERE fingerprint = ?"
        bare = [_time(lambda values=[cause]: session.execute(query, values).fetchall()) for cause in causes[:20]]
    command = [sys.executable, "-c", _COLD, str(folder)]
    cold = [_time(partial(subprocess.run, [*command, cause], check=True)) for cause in causes[:20]]
    python = [_time(partial(subprocess.run, [sys.executable, "-c", ""], check=True)) for _ in range(20)]
    sizes = {path.name: path.stat().st_size for path in folder.iterdir()}
    print({name: f"{size / 1e6:.0f} MB" for name, size in sizes.items()})
    for name, times in (
        ("history, open store", warm),
        ("the bare table in DuckDB, open session", bare),
        ("history, cold process", cold),
        ("an empty Python process", python),
    ):
        print(f"{name}: median {1e3 * statistics.median(times):.2f} ms, slowest {1e3 * max(times):.2f} ms")


def _time(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
