-- The certificate authority: its keys wrapped under the master key, its certificates, and codes for enrolment by their hash.
CREATE TABLE certificate_authorities (
    level text PRIMARY KEY,
    algorithm text NOT NULL,
    certificate bytea NOT NULL,
    wrapped_key text NOT NULL
);

CREATE TABLE certificates (
    serial text PRIMARY KEY,
    party text NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    person text NOT NULL,
    credential text NOT NULL,
    der bytea NOT NULL,
    issued_at text NOT NULL,
    expires_at text NOT NULL,
    revoked_at text NOT NULL,
    reason text NOT NULL
);
CREATE INDEX certificates_by_party ON certificates (party);

CREATE TABLE enrolment_codes (
    code_hash text PRIMARY KEY,
    party text NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    person text NOT NULL,
    expires_at text NOT NULL
);
