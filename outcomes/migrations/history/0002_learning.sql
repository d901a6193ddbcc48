ALTER TABLE failures ADD COLUMN failing_tests VARCHAR;
ALTER TABLE failures ADD COLUMN recorded_at TIMESTAMP;

ALTER TABLE decisions ADD COLUMN trace VARCHAR;
ALTER TABLE decisions ADD COLUMN recorded_at TIMESTAMP;

UPDATE decisions SET id = failure_id || ':decision';

ALTER TABLE resolutions ADD COLUMN how VARCHAR;
ALTER TABLE resolutions ADD COLUMN recorded_at TIMESTAMP;

ALTER TABLE labels ADD COLUMN author VARCHAR;
ALTER TABLE labels ADD COLUMN spreads BOOLEAN;
ALTER TABLE labels ADD COLUMN recorded_at TIMESTAMP;

CREATE TABLE label_undos (
    id VARCHAR PRIMARY KEY,
    label_id VARCHAR NOT NULL,
    author VARCHAR,
    undone_at TIMESTAMP NOT NULL,
    recorded_at TIMESTAMP
);

CREATE TABLE attempts (
    id VARCHAR PRIMARY KEY,
    failure_id VARCHAR,
    operation VARCHAR,
    operation_id VARCHAR,
    number BIGINT NOT NULL,
    success BOOLEAN NOT NULL,
    unchanged BOOLEAN NOT NULL,
    recovery VARCHAR,
    started_at TIMESTAMP,
    ended_at TIMESTAMP NOT NULL,
    environment VARCHAR,
    component VARCHAR,
    repository VARCHAR,
    branch VARCHAR,
    commit_id VARCHAR,
    job VARCHAR,
    source VARCHAR,
    recorded_at TIMESTAMP
);

CREATE TABLE actions (
    id VARCHAR PRIMARY KEY,
    failure_id VARCHAR,
    decision_id VARCHAR,
    kind VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    result VARCHAR NOT NULL,
    started_at TIMESTAMP,
    ended_at TIMESTAMP NOT NULL,
    details VARCHAR,
    recorded_at TIMESTAMP
);

CREATE TABLE notifications (
    id VARCHAR PRIMARY KEY,
    failure_id VARCHAR,
    decision_id VARCHAR,
    channel VARCHAR NOT NULL,
    priority VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    created_at TIMESTAMP NOT NULL,
    document VARCHAR,
    recorded_at TIMESTAMP
);

CREATE TABLE test_results (
    id VARCHAR PRIMARY KEY,
    test VARCHAR NOT NULL,
    passed BOOLEAN NOT NULL,
    commit_id VARCHAR,
    repository VARCHAR,
    operation VARCHAR,
    failure_id VARCHAR,
    seconds DOUBLE PRECISION,
    occurred_at TIMESTAMP NOT NULL,
    recorded_at TIMESTAMP
);

CREATE TABLE registry (
    id VARCHAR PRIMARY KEY,
    kind VARCHAR NOT NULL,
    version VARCHAR NOT NULL,
    event VARCHAR NOT NULL,
    author VARCHAR,
    document VARCHAR,
    happened_at TIMESTAMP NOT NULL,
    recorded_at TIMESTAMP
);

CREATE TABLE summaries (
    scope VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    seen BIGINT NOT NULL,
    first_seen TIMESTAMP,
    last_seen TIMESTAMP,
    retries BIGINT NOT NULL,
    retry_successes BIGINT NOT NULL,
    recovered BIGINT NOT NULL,
    recovery_seconds DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (scope, name)
);

CREATE TABLE recovery_summaries (
    scope VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    recovery VARCHAR NOT NULL,
    tries BIGINT NOT NULL,
    successes BIGINT NOT NULL,
    PRIMARY KEY (scope, name, recovery)
);

CREATE TABLE test_summaries (
    test VARCHAR PRIMARY KEY,
    passes BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    flaky_commits BIGINT NOT NULL,
    last_failed_at TIMESTAMP,
    last_flaky_at TIMESTAMP
);

CREATE TABLE store_state (
    store_id VARCHAR PRIMARY KEY,
    merges BIGINT NOT NULL
);
