CREATE TABLE events (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind VARCHAR NOT NULL,
    id VARCHAR NOT NULL,
    payload VARCHAR NOT NULL,
    fingerprint VARCHAR,
    happened_at TIMESTAMP,
    recovery VARCHAR,
    rerun_passed BOOLEAN,
    parked VARCHAR,
    UNIQUE (kind, id)
);

CREATE INDEX events_by_fingerprint ON events (fingerprint) WHERE fingerprint IS NOT NULL;

CREATE TABLE recent_failures (
    id VARCHAR PRIMARY KEY,
    fingerprint VARCHAR,
    operation VARCHAR,
    operation_id VARCHAR,
    attempt BIGINT NOT NULL,
    job VARCHAR,
    commit_id VARCHAR,
    failing_tests VARCHAR NOT NULL,
    imported BOOLEAN NOT NULL,
    occurred_at TIMESTAMP NOT NULL,
    success BOOLEAN,
    resolved_at TIMESTAMP
);

CREATE INDEX recent_failures_by_fingerprint ON recent_failures (fingerprint, occurred_at);
CREATE INDEX recent_failures_by_operation_id ON recent_failures (operation_id) WHERE operation_id IS NOT NULL;
CREATE INDEX recent_failures_by_operation ON recent_failures (operation, resolved_at) WHERE success;
CREATE INDEX recent_failures_by_time ON recent_failures (occurred_at);

CREATE TABLE operation_successes (
    operation VARCHAR PRIMARY KEY,
    succeeded_at TIMESTAMP NOT NULL
);
