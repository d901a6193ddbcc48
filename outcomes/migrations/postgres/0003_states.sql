CREATE TABLE states (
    kind VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    document VARCHAR NOT NULL,
    PRIMARY KEY (kind, name)
);
