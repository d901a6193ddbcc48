"""Measure how long each type of report takes over a store, by window, beside SQL written by hand for the summary.

The hand-written SQL answers the sections of the summary over the bare tables, in one session, and knows that ids, runs
and calls are as ``made_store.py`` makes them. It takes no care of calls that are told of twice, of labels that spread,
of failures that a run's later calls ended, or of incidents that were open when the window began. Seconds of the clock,
and in brackets of the processor: on a busy machine these are what to compare.

    python benchmarks/made_store.py FOLDER --outcomes 10000000
    python benchmarks/reports.py FOLDER
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

from made_store import UNTIL

from errclass.outcomes import Store
from errclass.reports import REPORT_TYPES, make_report
from errclass.reports.period import Period

_WINDOWS = ("24h", "7d", "30d", "365d")
_BARE = (
    # Counts of both windows, with what came of the failures.
    """
CREATE TEMPORARY TABLE counted AS
SELECT
    f.id, f.occurred_at, f.fingerprint, f.environment, f.occurred_at >= $since AS recent, d.severity, d.abstained,
    coalesce(l.type, d.type) AS type, coalesce(r.success, FALSE) OR a.failure_id IS NOT NULL AS resolved,
    e.failure_id IS NOT NULL AS escalated
FROM failures AS f
LEFT JOIN decisions AS d ON d.failure_id = f.id
LEFT JOIN (SELECT failure_id, arg_max(type, labelled_at) AS type FROM labels GROUP BY ALL) AS l ON l.failure_id = f.id
LEFT JOIN (
    SELECT failure_id, arg_max(success, resolved_at) AS success
    FROM resolutions WHERE resolved_at >= $before GROUP BY ALL
) AS r ON r.failure_id = f.id
LEFT JOIN (SELECT DISTINCT failure_id FROM attempts WHERE success AND ended_at >= $before) AS a ON a.failure_id = f.id
LEFT JOIN (
    SELECT DISTINCT failure_id FROM actions WHERE kind = 'escalate' AND result = 'success' AND ended_at >= $before
) AS e ON e.failure_id = f.id
WHERE f.occurred_at >= $before AND f.occurred_at < $until AND NOT f.cancelled""",
    """
SELECT recent, type, severity, environment, count(*), count(DISTINCT fingerprint), count(*) FILTER (WHERE resolved),
    count(*) FILTER (WHERE escalated), count(abstained)
FROM counted GROUP BY GROUPING SETS ((recent), (recent, type), (recent, severity), (recent, environment))""",
    "SELECT time_bucket(INTERVAL 30 MINUTE, occurred_at), count(*) FROM counted WHERE recent GROUP BY ALL",
    # Incidents that opened in either window.
    """
WITH events AS (
    SELECT operation, environment, component, repository, branch, ended_at AS moment, success
    FROM attempts WHERE ended_at >= $before
    UNION ALL
    SELECT operation, environment, component, repository, branch, occurred_at, FALSE
    FROM failures WHERE occurred_at >= $before AND NOT cancelled AND attempt = 1 AND source IS DISTINCT FROM 'import'
), turns AS (
    SELECT *, lag(success, 1, TRUE) OVER place AS worked FROM events
    WINDOW place AS (PARTITION BY operation, environment, component, repository, branch ORDER BY moment, success)
), spans AS (
    SELECT moment, success, lead(moment) OVER place AS ended FROM turns WHERE success <> worked
    WINDOW place AS (PARTITION BY operation, environment, component, repository, branch ORDER BY moment, success)
)
SELECT moment >= $since, count(*), avg(ended - moment), median(ended - moment)
FROM spans WHERE NOT success GROUP BY ALL""",
    # Re-runs, calls, and what was done.
    """
WITH reruns AS (
    SELECT a.success, a.recovery, a.failure_id FROM attempts AS a
    WHERE a.ended_at >= $since AND a.ended_at < $until AND a.failure_id IS NOT NULL
    UNION ALL
    SELECT a.success, a.recovery, f.id FROM attempts AS a
    JOIN failures AS f ON f.operation_id = a.operation_id AND f.attempt = a.number - 1
    WHERE a.ended_at >= $since AND a.ended_at < $until AND f.occurred_at >= $before
)
SELECT d.type, r.recovery, count(*), count(*) FILTER (WHERE r.success)
FROM reruns AS r JOIN decisions AS d ON d.failure_id = r.failure_id GROUP BY ALL""",
    "SELECT success, count(*) FROM attempts WHERE ended_at >= $since AND ended_at < $until GROUP BY ALL",
    "SELECT kind, name, result, count(*) FROM actions WHERE ended_at >= $since AND ended_at < $until GROUP BY ALL",
    # The causes that failed most, since when ever, and the newest failures.
    """
WITH top AS (
    SELECT fingerprint, count(*) AS failures, arg_max(id, occurred_at) AS id
    FROM counted WHERE recent GROUP BY fingerprint ORDER BY failures DESC LIMIT 10
)
SELECT top.*, failures.text, (SELECT min(occurred_at) FROM failures AS f WHERE f.fingerprint = top.fingerprint)
FROM top JOIN failures ON failures.id = top.id""",
    """
WITH newest AS (SELECT id FROM counted WHERE recent ORDER BY occurred_at DESC LIMIT 10)
SELECT failures.*, document FROM failures JOIN decisions ON decisions.failure_id = failures.id
WHERE failures.id IN (FROM newest)""",
)


def ask_bare(store: Store, period: Period) -> None:
    """Answer the sections of a summary by hand."""
    moments = {"since": period.since, "until": period.until, "before": period.before.since}
    with store.reading() as session:
        for query in _BARE:
            needed = {name: moment.replace(tzinfo=None) for name, moment in moments.items() if f"${name}" in query}
            session.execute(query, needed).fetchall()


def time_it(act: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds of the clock and of the processor that something takes."""
    clock, processor = time.perf_counter(), time.process_time()
    act()
    return time.perf_counter() - clock, time.process_time() - processor


def measure(store: Store, kinds: list[str], windows: list[str], now: datetime) -> None:
    """Print a line for each type and window, and for the SQL by hand."""
    for window in windows:
        bare = time_it(partial(ask_bare, store, Period.parse(window, now)))
        print(f"{window:>5} {'by hand':12} {bare[0]:7.1f} s  ({bare[1]:.1f})", flush=True)
        for kind in kinds:
            took = time_it(partial(make_report, store, kind, window=window, now=now))
            ratio = f"  {took[0] / bare[0]:.2f} of by hand" if kind == "summary" else ""
            print(f"{window:>5} {kind:12} {took[0]:7.1f} s  ({took[1]:.1f}){ratio}", flush=True)


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="of a store that made_store.py made")
    parser.add_argument("--type", action="append", choices=sorted(REPORT_TYPES), help="default: all")
    parser.add_argument("--window", action="append", help=f"default: {', '.join(_WINDOWS)}")
    options = parser.parse_args()
    with Store(options.folder) as store:
        measure(store, options.type or sorted(REPORT_TYPES), options.window or list(_WINDOWS), UNTIL)


if __name__ == "__main__":
    main()
