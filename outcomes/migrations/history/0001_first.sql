CREATE TABLE failures (
    id VARCHAR PRIMARY KEY,
    occurred_at TIMESTAMP NOT NULL,
    text VARCHAR NOT NULL,
    fingerprint VARCHAR,
    tool VARCHAR,
    tags VARCHAR NOT NULL,
    exit_code BIGINT,
    environment VARCHAR,
    operation VARCHAR,
    effect VARCHAR,
    attempt BIGINT NOT NULL,
    operation_id VARCHAR,
    component VARCHAR,
    repository VARCHAR,
    branch VARCHAR,
    commit_id VARCHAR,
    job VARCHAR,
    phase VARCHAR,
    source VARCHAR,
    cancelled BOOLEAN NOT NULL,
    metadata VARCHAR NOT NULL
);

CREATE TABLE decisions (
    id VARCHAR PRIMARY KEY,
    failure_id VARCHAR NOT NULL,
    decision_id VARCHAR,
    facts VARCHAR NOT NULL,
    category VARCHAR,
    type VARCHAR,
    severity VARCHAR,
    retryable BOOLEAN,
    confidence DOUBLE PRECISION,
    abstained VARCHAR,
    suggested_action VARCHAR,
    strategy VARCHAR,
    priority VARCHAR,
    model_version VARCHAR,
    rules_revision VARCHAR,
    rules_fired VARCHAR,
    document VARCHAR
);

CREATE TABLE resolutions (
    id VARCHAR PRIMARY KEY,
    failure_id VARCHAR NOT NULL,
    success BOOLEAN NOT NULL,
    resolved_at TIMESTAMP NOT NULL
);

CREATE TABLE labels (
    id VARCHAR PRIMARY KEY,
    failure_id VARCHAR NOT NULL,
    type VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    weight DOUBLE PRECISION NOT NULL,
    retryable BOOLEAN,
    labelled_at TIMESTAMP NOT NULL
);
