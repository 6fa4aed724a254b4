-- Portable between SQLite and PostgreSQL: bigint, text and blobs only. `bytea` has blob affinity
-- in neither by name, but SQLite stores what is bound; PostgreSQL needs the name.
CREATE TABLE ledger_head (
    id bigint PRIMARY KEY,
    size bigint NOT NULL,
    checkpoint text NOT NULL
);
INSERT INTO ledger_head (id, size, checkpoint) VALUES (1, 0, '');

CREATE TABLE ledger_entries (idx bigint PRIMARY KEY, entry bytea NOT NULL);

CREATE TABLE ledger_tiles (level bigint NOT NULL, idx bigint NOT NULL, hashes bytea NOT NULL, PRIMARY KEY (level, idx));

CREATE TABLE acts (
    idx bigint PRIMARY KEY,
    act text NOT NULL,
    party text NOT NULL,
    person text NOT NULL,
    at text NOT NULL,
    command text NOT NULL,
    rules_hash text NOT NULL,
    salt text NOT NULL
);

CREATE TABLE events (
    seq bigint PRIMARY KEY,
    act bigint NOT NULL,
    stream text NOT NULL,
    revision bigint NOT NULL,
    at text NOT NULL,
    event text NOT NULL,
    UNIQUE (stream, revision)
);
CREATE INDEX events_by_act ON events (act);

CREATE TABLE calls (
    idx bigint PRIMARY KEY,
    id text NOT NULL,
    at text NOT NULL,
    decided_under bigint NOT NULL,
    consumer text NOT NULL,
    product text NOT NULL,
    scenario text NOT NULL,
    subscription text NOT NULL,
    refused_by text NOT NULL,
    fee_fen bigint NOT NULL,
    split text NOT NULL,
    private text NOT NULL
);

CREATE TABLE call_keys (dedupe text PRIMARY KEY, idx bigint NOT NULL);

CREATE TABLE meters (id text PRIMARY KEY, calls bigint NOT NULL, fen bigint NOT NULL);

CREATE TABLE accounts (
    person text PRIMARY KEY,
    party text NOT NULL,
    login text NOT NULL UNIQUE,
    name text NOT NULL,
    password_hash text NOT NULL
);

CREATE TABLE sessions (id text PRIMARY KEY, data bytea NOT NULL, expires_ms bigint NOT NULL);
CREATE INDEX sessions_by_expiry ON sessions (expires_ms);

CREATE TABLE rule_packs (hash text PRIMARY KEY, packs text NOT NULL);
