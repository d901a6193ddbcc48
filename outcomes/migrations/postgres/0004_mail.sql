CREATE TABLE mail_entries (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id VARCHAR NOT NULL UNIQUE,
    notice_id VARCHAR NOT NULL,
    channel VARCHAR NOT NULL,
    priority VARCHAR NOT NULL,
    topic VARCHAR NOT NULL,
    document VARCHAR NOT NULL,
    queued_at DOUBLE PRECISION NOT NULL,
    state VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    due DOUBLE PRECISION NOT NULL,
    delivery_id VARCHAR,
    ended_at DOUBLE PRECISION
);

CREATE UNIQUE INDEX mail_entries_by_notice ON mail_entries (notice_id, channel);
CREATE INDEX mail_entries_by_state ON mail_entries (channel, state, priority, seq);
CREATE INDEX mail_entries_by_delivery ON mail_entries (delivery_id) WHERE delivery_id IS NOT NULL;

CREATE TABLE mail_deliveries (
    id VARCHAR PRIMARY KEY,
    channel VARCHAR NOT NULL,
    priority VARCHAR NOT NULL,
    document VARCHAR NOT NULL,
    created_at DOUBLE PRECISION NOT NULL,
    state VARCHAR NOT NULL,
    attempts BIGINT NOT NULL,
    due DOUBLE PRECISION NOT NULL,
    leased_until DOUBLE PRECISION NOT NULL,
    holder VARCHAR NOT NULL,
    error VARCHAR NOT NULL,
    ended_at DOUBLE PRECISION
);

CREATE INDEX mail_deliveries_by_state ON mail_deliveries (channel, state, priority, due);

CREATE TABLE mail_notes (
    kind VARCHAR NOT NULL,
    channel VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    document VARCHAR NOT NULL,
    written_at DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (kind, channel, name)
);
