"""Make a store of many outcomes for other measurements, by SQL: none of it was ever decided, and all of it is likely.

One year of failures in 200,000 causes of which most are rare, in 2,000 places; each with its decision, many with a
re-run, some with a report of how they ended, with what was done about them, with a label. Half as many calls succeed at
once. The same numbers give the same rows.

    python benchmarks/made_store.py FOLDER --outcomes 10000000
"""

from __future__ import annotations

import argparse
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from errclass.outcomes import Store
from errclass.outcomes.inbox import Inbox
from errclass.outcomes.merging import write_history

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

UNTIL = datetime(2026, 11, 1, tzinfo=UTC)
"""The end of the year that is made."""
YEAR = timedelta(days=365)
CHUNK = 500_000

_ROWS = """
CREATE OR REPLACE TEMPORARY TABLE made AS
WITH drawn AS (
    SELECT
        i, hash(i) AS h, hash(run) AS r, run, i - run + 1 AS attempt,
        CAST(pow(hash(i, 1) / 1.8446744073709552e19, 3) * {causes} AS BIGINT) AS cause,
        CAST(pow(hash(run, 2) / 1.8446744073709552e19, 2) * 2000 AS BIGINT) AS place,
        make_timestamp({start} + i * {step} + CAST(hash(i, 3) % 60000000 AS BIGINT)) AS moment
    FROM (
        SELECT i, CASE WHEN hash(i // 2) % 4 = 0 THEN i // 2 * 2 ELSE i END AS run
        FROM range({first}, {last}) AS rows (i)
    ) AS numbered
)
SELECT
    *,
    printf(
        '%08x-%04x-7%03x-8%03x-%012x', epoch_ms(moment) >> 16, epoch_ms(moment) & 65535, i % 4096, i % 4096, i
    ) AS id,
    printf('%016x', hash(cause)) AS fingerprint,
    ['network', 'dependency', 'test_failure', 'build', 'timeout', 'permission', 'configuration', 'resource',
        'syntax', 'authentication', 'infrastructure', 'unknown'][1 + CAST(hash(cause, 4) % 12 AS BIGINT)] AS type,
    ['medium', 'medium', 'high', 'low', 'critical'][1 + CAST(hash(cause, 5) % 5 AS BIGINT)] AS severity,
    ['npm', 'pip', 'pytest', 'docker', 'terraform', NULL][1 + CAST(hash(cause, 6) % 6 AS BIGINT)] AS tool,
    CASE WHEN r % 10 < 7 THEN printf('run-%d', run) END AS operation_id,
    ['deploy', 'build', 'test', 'lint', 'migrate', 'publish'][1 + place % 6] || ' ' || place % 40 AS operation,
    ['production', 'staging', 'development', NULL][1 + place % 4] AS environment,
    'component ' || place % 25 AS component,
    'shop/service-' || place % 60 AS repository,
    CASE WHEN place % 3 < 2 THEN 'main' ELSE 'feature/' || place % 200 END AS branch,
    md5(CAST(run AS VARCHAR)) AS commit_id,
    'job ' || place % 200 AS job
FROM drawn
"""
_TABLES = {
    "failures": """
SELECT
    id, moment AS occurred_at, fingerprint, tool, '[]' AS tags, 1 AS exit_code, environment, operation,
    'idempotent' AS effect, attempt, operation_id, component, repository, branch, commit_id, job,
    h % 50 = 0 AS cancelled,
    '{{}}' AS metadata, '[]' AS failing_tests, moment AS recorded_at,
    CASE WHEN h % 100 = 1 THEN 'import' END AS source,
    'step ' || job || chr(10) || coalesce(tool, 'sh') || ' error code ' || fingerprint || chr(10)
    || 'while ' || operation || ' of ' || repository || ' at ' || commit_id || chr(10)
    || 'error: the ' || type || ' step did not end well, see above'
    || chr(10) || 'exit status 1 after ' || h % 1000 || ' seconds' AS text
FROM made""",
    "decisions": """
SELECT
    id || ':decision' AS id, id AS failure_id, md5(id) AS decision_id, type, severity,
    CASE WHEN type IN ('network', 'timeout', 'resource') THEN 'transient' ELSE 'persistent' END AS category,
    type IN ('network', 'timeout') AS retryable, 0.4 + h % 600 / 1000.0 AS confidence,
    CASE WHEN h % 9 = 0 THEN 'low_margin' END AS abstained, 'retry the step' AS suggested_action,
    CASE WHEN type = 'network' THEN 'retry' ELSE 'escalate' END AS strategy, 'normal' AS priority,
    'linear-' || i // 3000000 AS model_version, 'r7' AS rules_revision, '["type/' || type || '"]' AS rules_fired,
    moment AS recorded_at,
    '{{"type":"' || type || '","category":"persistent","severity":"' || severity || '","confidence":0.75,"evidence":['
    || '"error: the ' || type || ' step did not end well, see above"],"because":"the text says so",'
    || '"decision_id":"' || md5(id) || '","fingerprint":"' || fingerprint || '","model_version":"linear"}}' AS document,
    '{{"prediction.type":"' || type || '","context.operation":"' || operation || '","signals.tool":"npm",'
    || '"history.seen":' || h % 100 || '}}' AS facts,
    '[{{"rule":"type/' || type || '","sets":{{"type":"' || type || '"}},"used":{{"prediction.type":"'
    || type || '"}}}}]' AS trace
FROM made""",
    "attempts": """
SELECT
    CASE WHEN attempt = 2 THEN id ELSE 'again-' || id END AS id,
    CASE WHEN attempt = 1 AND (h // 10 % 2 = 0 OR operation_id IS NULL) THEN id END AS failure_id,
    attempt + CASE WHEN attempt = 2 THEN 0 ELSE 1 END AS number, operation, operation_id, environment, component,
    repository, branch, commit_id, job, attempt = 1 AND h // 100 % 10 < 6 AS success, h // 1000 % 8 > 0 AS unchanged,
    CASE WHEN h // 1000 % 8 = 0
        THEN ['clean', 'install', 'clear-cache'][1 + CAST(h // 10000 % 3 AS BIGINT)] END AS recovery,
    moment + to_seconds(CAST(h % 300 AS BIGINT)) AS started_at,
    moment + to_seconds(CAST(h % 300 + r % 600 AS BIGINT)) AS ended_at,
    moment AS recorded_at
FROM made
WHERE attempt = 2 OR (h % 10 < 4 AND hash(i // 2) % 4 > 0)
UNION ALL BY NAME
SELECT
    'call-' || id AS id, 1 AS number, operation, 'call-' || run AS operation_id, environment, component, repository,
    branch, commit_id, job, TRUE AS success, TRUE AS unchanged, moment + INTERVAL 40 SECOND AS started_at,
    moment + to_seconds(CAST(60 + h % 600 AS BIGINT)) AS ended_at, moment AS recorded_at
FROM made
WHERE i % 2 = 0""",
    "resolutions": """
SELECT
    'end-' || id AS id, id AS failure_id, h // 7 % 10 < 8 AS success, CASE WHEN h // 11 % 3 = 0 THEN 'retry' END AS how,
    moment + to_seconds(CAST(h // 13 % 20000 AS BIGINT)) AS resolved_at, moment AS recorded_at
FROM made
WHERE h // 17 % 20 < 3""",
    "actions": """
SELECT
    'done-' || id AS id, id AS failure_id, md5(id) AS decision_id, '{{}}' AS details, moment AS recorded_at,
    CASE WHEN h // 19 % 20 < 2 THEN 'recover' WHEN h // 19 % 20 < 3 THEN 'reset' ELSE 'escalate' END AS kind,
    CASE WHEN h // 19 % 20 < 2 THEN ['clean', 'install', 'clear-cache'][1 + CAST(h // 10000 % 3 AS BIGINT)]
        WHEN h // 19 % 20 < 3 THEN 'soft' ELSE 'manual' END AS name,
    ['success', 'success', 'partial', 'failed', 'skipped'][1 + CAST(h // 23 % 5 AS BIGINT)] AS result,
    moment AS started_at, moment + to_seconds(CAST(h % 200 AS BIGINT)) AS ended_at
FROM made
WHERE h // 19 % 20 < 4""",
    "labels": """
SELECT
    'said-' || id AS id, id AS failure_id, 1.0 AS weight, moment + INTERVAL 2 HOUR AS labelled_at, 'a person' AS author,
    ['network', 'dependency', 'build', type][1 + CAST(h // 29 % 4 AS BIGINT)] AS type, moment AS recorded_at,
    ['human', 'human', 'import', 'retry_success'][1 + CAST(h // 31 % 4 AS BIGINT)] AS source,
    h // 37 % 20 = 0 AND cause > 100 AS spreads
FROM made
WHERE h // 41 % 300 = 0""",
}


def make_store(store: Store, outcomes: int, causes: int) -> float:
    """Fill an empty store, as merges would in time, and return the seconds it took."""
    begun = time.perf_counter()
    inbox = Inbox(Path(store.place) / "inbox.sqlite")
    step = YEAR // timedelta(microseconds=1) // outcomes
    start = int((UNTIL - YEAR).timestamp()) * 1_000_000
    with write_history(inbox, Path(store.place) / "outcomes.duckdb", wait=1) as session:
        for first in range(0, outcomes, CHUNK):
            last = min(first + CHUNK, outcomes)
            session.execute(_ROWS.format(causes=causes, start=start, step=step, first=first, last=last))
            _insert(session)
            print(f"{last:,} outcomes after {time.perf_counter() - begun:.0f} s", flush=True)
    inbox.close()
    return time.perf_counter() - begun


def _insert(session: DuckDBPyConnection) -> None:
    session.execute("BEGIN")
    for table, query in _TABLES.items():
        session.execute(f"INSERT INTO {table} BY NAME {query.format()}")
    session.execute("COMMIT")


def main() -> None:
    """Make one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--outcomes", type=int, default=1_000_000, help="default: 1000000")
    parser.add_argument("--causes", type=int, default=200_000, help="fingerprints among them (default: 200000)")
    options = parser.parse_args()
    with Store(options.folder) as store:
        if store.exists():
            parser.error(f"there is a store in {options.folder} already")
        print(f"made in {make_store(store, options.outcomes, options.causes):.0f} s")


if __name__ == "__main__":
    main()
