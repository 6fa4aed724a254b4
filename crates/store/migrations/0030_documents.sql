-- Documents that were signed and their signatures, by the SHA-256 of their bytes; the acts commit to it.
CREATE TABLE documents (
    sha256 text PRIMARY KEY,
    content bytea NOT NULL
);
