CREATE TABLE escalations (
    id TEXT PRIMARY KEY,
    open INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    document TEXT NOT NULL
) WITHOUT ROWID;

CREATE INDEX escalations_open ON escalations (open, created_at);
