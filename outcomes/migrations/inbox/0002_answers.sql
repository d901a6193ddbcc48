ALTER TABLE events ADD COLUMN fingerprint TEXT;
ALTER TABLE events ADD COLUMN happened_at TEXT;
ALTER TABLE events ADD COLUMN recovery TEXT;
ALTER TABLE events ADD COLUMN rerun_passed INTEGER;
ALTER TABLE events ADD COLUMN parked TEXT;

CREATE INDEX events_by_fingerprint ON events (fingerprint) WHERE fingerprint IS NOT NULL;

CREATE TABLE recent_failures (
    id TEXT PRIMARY KEY,
    fingerprint TEXT,
    operation TEXT,
    operation_id TEXT,
    attempt INTEGER NOT NULL,
    job TEXT,
    commit_id TEXT,
    failing_tests TEXT NOT NULL,
    imported INTEGER NOT NULL,
    occurred_at TEXT NOT NULL,
    success INTEGER,
    resolved_at TEXT
) WITHOUT ROWID;

CREATE INDEX recent_failures_by_fingerprint ON recent_failures (fingerprint, occurred_at);
CREATE INDEX recent_failures_by_operation_id ON recent_failures (operation_id) WHERE operation_id IS NOT NULL;
CREATE INDEX recent_failures_by_operation ON recent_failures (operation, resolved_at) WHERE success = 1;

CREATE TABLE operation_successes (
    operation TEXT PRIMARY KEY,
    succeeded_at TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE summaries (
    scope TEXT NOT NULL,
    name TEXT NOT NULL,
    seen INTEGER NOT NULL,
    first_seen TEXT,
    last_seen TEXT,
    retries INTEGER NOT NULL,
    retry_successes INTEGER NOT NULL,
    recovered INTEGER NOT NULL,
    recovery_seconds REAL NOT NULL,
    PRIMARY KEY (scope, name)
) WITHOUT ROWID;

CREATE TABLE recovery_summaries (
    scope TEXT NOT NULL,
    name TEXT NOT NULL,
    recovery TEXT NOT NULL,
    tries INTEGER NOT NULL,
    successes INTEGER NOT NULL,
    PRIMARY KEY (scope, name, recovery)
) WITHOUT ROWID;

CREATE TABLE test_summaries (
    test TEXT PRIMARY KEY,
    passes INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    flaky_commits INTEGER NOT NULL,
    last_failed_at TEXT,
    last_flaky_at TEXT
) WITHOUT ROWID;

CREATE TABLE copied_history (
    store_id TEXT PRIMARY KEY,
    merges INTEGER NOT NULL
);
