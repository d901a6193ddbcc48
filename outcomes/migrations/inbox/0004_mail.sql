CREATE TABLE mail_entries (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    notice_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    priority TEXT NOT NULL,
    topic TEXT NOT NULL,
    document TEXT NOT NULL,
    queued_at REAL NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    due REAL NOT NULL,
    delivery_id TEXT,
    ended_at REAL
);

CREATE UNIQUE INDEX mail_entries_by_notice ON mail_entries (notice_id, channel);
CREATE INDEX mail_entries_by_state ON mail_entries (channel, state, priority, seq);
CREATE INDEX mail_entries_by_delivery ON mail_entries (delivery_id) WHERE delivery_id IS NOT NULL;

CREATE TABLE mail_deliveries (
    id TEXT PRIMARY KEY,
    channel TEXT NOT NULL,
    priority TEXT NOT NULL,
    document TEXT NOT NULL,
    created_at REAL NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    due REAL NOT NULL,
    leased_until REAL NOT NULL,
    holder TEXT NOT NULL,
    error TEXT NOT NULL,
    ended_at REAL
) WITHOUT ROWID;

CREATE INDEX mail_deliveries_by_state ON mail_deliveries (channel, state, priority, due);

CREATE TABLE mail_notes (
    kind TEXT NOT NULL,
    channel TEXT NOT NULL,
    name TEXT NOT NULL,
    document TEXT NOT NULL,
    written_at REAL NOT NULL,
    PRIMARY KEY (kind, channel, name)
) WITHOUT ROWID;
