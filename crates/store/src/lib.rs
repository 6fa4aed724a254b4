//! Event store, ledger tables and metering on SQLite and PostgreSQL.
