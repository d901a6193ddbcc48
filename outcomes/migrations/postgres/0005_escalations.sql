CREATE TABLE escalations (
    id VARCHAR PRIMARY KEY,
    open BOOLEAN NOT NULL,
    created_at VARCHAR NOT NULL,
    document VARCHAR NOT NULL
);

CREATE INDEX escalations_open ON escalations (open, created_at);
