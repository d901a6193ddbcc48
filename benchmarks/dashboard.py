"""Measure how quickly the pages of the dashboard answer over a store of many outcomes.

The history is filled with made-up failures, decisions and calls of a year by SQL. Then the service is really started,
and each page is asked for: how long the first request takes, which says that it is looking; how long until what it
looked for is there; and how long fifty requests take after that.

    python benchmarks/dashboard.py --outcomes 10000000
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from errclass.outcomes import Store
from errclass.outcomes.inbox import Inbox
from errclass.outcomes.merging import write_history
from errclass.serve.dashboard.navigation import NAVIGATION
from errclass.serve.key_ring import KeyRing

WAITING = "data-again"
REQUESTS = 50
_CHUNK = 1_000_000
_MOMENT = "now()::TIMESTAMP - INTERVAL 365 DAY * ((total - i) / total)"
_PLACE = """
    ['production', 'staging', 'development'][1 + i % 3] AS environment,
    'component ' || (i % 20) AS component, 'shop/' || (i % 20) AS repository, 'operation ' || (i % 50) AS operation
"""
_SOURCE = "FROM (SELECT i, {total} AS total FROM range({start}, {end}) AS rows (i))"
_FILLS = {
    "failures": f"""
        SELECT 'f' || i AS id, {_MOMENT} AS occurred_at, 'npm error code ETIMEDOUT connect to host ' || i AS text,
            printf('%016x', hash(CAST(pow(hash(i) / 1.8446744073709552e19, 3) * 20000 AS BIGINT))) AS fingerprint,
            {_PLACE}, '[]' AS tags, '{{{{}}}}' AS metadata, 1 AS attempt, FALSE AS cancelled {_SOURCE}""",
    "decisions": f"""
        SELECT 'd' || i AS id, 'f' || i AS failure_id, {_MOMENT} AS recorded_at, 'd' || i AS decision_id,
            '{{{{}}}}' AS facts,
            ['network', 'test', 'build', 'dependency'][1 + i % 4] AS type, 'transient' AS category,
            ['low', 'medium', 'high', 'critical'][1 + i % 4] AS severity, i % 2 = 0 AS retryable,
            0.5 + (i % 50) / 100 AS confidence, 'retry' AS strategy, 'look' AS suggested_action, 'low' AS priority,
            'm1' AS model_version, 'r1' AS rules_revision, '{{{{}}}}' AS document, '[]' AS rules_fired {_SOURCE}""",
    "attempts": f"""
        SELECT 'a' || i AS id, {_MOMENT} + INTERVAL 5 MINUTE AS ended_at, i % 3 > 0 AS success, 1 AS number,
            'f' || i AS failure_id, TRUE AS unchanged, {_PLACE} {_SOURCE} WHERE i % 2 = 0""",
}


def fill(place: Path, outcomes: int) -> None:
    """Fill the history, as merges would in time, and count it."""
    with Store(place) as store:
        place.mkdir(parents=True, exist_ok=True)
        inbox = Inbox(place / "inbox.sqlite")
        with write_history(inbox, place / "outcomes.duckdb", wait=1) as session:
            for start in range(0, outcomes, _CHUNK):
                end = min(start + _CHUNK, outcomes)
                for table, query in _FILLS.items():
                    rows = query.format(total=outcomes, start=start, end=end)
                    session.execute(f"INSERT INTO {table} BY NAME {rows}")
        inbox.close()
        store.recount()


@contextlib.contextmanager
def serve(home: Path, port: int) -> Iterator[httpx.Client]:
    """Start the service, sign in, and yield what asks."""
    _, key = KeyRing(home).create_key(f"benchmark {time.time_ns()}", ["read", "label", "classify"])
    environment = {**os.environ, "ERRCLASS_HOME": str(home), "ERRCLASS_SERVE__RATE": "100000"}
    command = [sys.executable, "-m", "errclass", "serve", "--port", str(port), "--quiet"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own
        assert process.stderr is not None  # noqa: S101 - for the type checker
        url = next(found[1] for line in process.stderr if (found := re.search(r"on (http://\S+)", line)))
        headers = {"Origin": url}
        with httpx.Client(base_url=url, headers=headers, timeout=60, trust_env=False, follow_redirects=True) as client:
            door = client.get("/dashboard")
            token = re.search(r'name="csrf" value="([^"]+)"', door.text)
            client.post("/dashboard/sign-in", data={"csrf": token[1] if token else "", "key": key})
            yield client
        process.terminate()


def measure(client: httpx.Client, path: str) -> tuple[float, float, list[float]]:
    """Return the seconds of the first request, until what it looks for is there, and of each of fifty requests then."""
    start = time.perf_counter()
    page = client.get(f"/dashboard{path}")
    first = time.perf_counter() - start
    while WAITING in page.text:
        time.sleep(0.1)
        page = client.get(f"/dashboard{path}")
    found = time.perf_counter() - start
    page.raise_for_status()
    return first, found, [_time(client, path) for _ in range(REQUESTS)]


def _time(client: httpx.Client, path: str) -> float:
    start = time.perf_counter()
    client.get(f"/dashboard{path}")
    return time.perf_counter() - start


def main() -> None:
    """Fill, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--outcomes", type=int, default=1_000_000, help="default: 1000000")
    parser.add_argument("--home", type=Path, help="keep the store there and use it again")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="errclass-dashboard-") as temporary:
        home = options.home or Path(temporary)
        if not (home / "store" / "outcomes.duckdb").exists():
            start = time.perf_counter()
            fill(home / "store", options.outcomes)
            print(f"filled in {time.perf_counter() - start:.0f} s")
        paths = [*(entry.path for entry in NAVIGATION), "?window=30d", "/decision?id=f1000"]
        with serve(home, 0) as client:
            print("| page | first answer, ms | found after, s | p50 ms | slowest, ms |")
            print("|---|---:|---:|---:|---:|")
            for path in paths:
                first, found, times = measure(client, path)
                told = (
                    f"{1e3 * first:.0f} | {found:.1f} | {1e3 * statistics.median(times):.0f} | {1e3 * max(times):.0f}"
                )
                print(f"| /dashboard{path} | {told} |", flush=True)


if __name__ == "__main__":
    main()
