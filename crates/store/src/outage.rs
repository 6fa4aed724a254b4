//! Failures that pass: the database cannot serve now, and will again without a change of program or data.

use sqlx::error::DatabaseError;
use sqlx::postgres::PgDatabaseError;

use crate::error::StoreError;

/// Why the database cannot serve for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outage {
    /// It cannot be reached, or has ended the connection.
    Unreachable,
    /// Its disk is full.
    Full,
    /// Its disk does not read or write.
    Disk,
    /// Others hold for too long what is needed.
    Busy,
}

impl StoreError {
    /// The outage behind this error; none where waiting would not help.
    #[must_use]
    pub fn outage(&self) -> Option<Outage> {
        let Self::Database(error) = self else {
            return None;
        };
        match error {
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => Some(Outage::Unreachable),
            sqlx::Error::Database(inner) => of_database(inner.as_ref()),
            _ => None,
        }
    }
}

fn of_database(error: &(dyn DatabaseError + 'static)) -> Option<Outage> {
    let code = error.code()?;
    if error.try_downcast_ref::<PgDatabaseError>().is_some() {
        of_postgresql(&code)
    } else {
        of_sqlite(&code)
    }
}

/// By SQLSTATE (PostgreSQL documentation, appendix A).
fn of_postgresql(code: &str) -> Option<Outage> {
    match code {
        "53100" => Some(Outage::Full),
        "58030" => Some(Outage::Disk),
        // A lock that is not to be had in time, a deadlock, a serialization failure.
        "55P03" | "40P01" | "40001" => Some(Outage::Busy),
        // Connections: lost, refused, too many, ended by an administrator, a crash or a time-out within a transaction.
        "25P03" => Some(Outage::Unreachable),
        _ => ["08", "53", "57P"]
            .iter()
            .any(|class| code.starts_with(class))
            .then_some(Outage::Unreachable),
    }
}

/// By primary result code, the lowest byte of the extended one (sqlite.org/rescode.html).
fn of_sqlite(code: &str) -> Option<Outage> {
    match code.parse::<u32>().ok()? & 0xff {
        // SQLITE_BUSY, SQLITE_LOCKED
        5 | 6 => Some(Outage::Busy),
        // SQLITE_IOERR, SQLITE_CANTOPEN
        10 | 14 => Some(Outage::Disk),
        // SQLITE_FULL
        13 => Some(Outage::Full),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_postgresql() {
        for (code, outage) in [
            ("53100", Some(Outage::Full)),
            ("53300", Some(Outage::Unreachable)),
            ("57P01", Some(Outage::Unreachable)),
            ("57014", None),
            ("08006", Some(Outage::Unreachable)),
            ("55P03", Some(Outage::Busy)),
            ("23505", None),
            ("42P01", None),
        ] {
            assert_eq!(of_postgresql(code), outage, "{code}");
        }
    }

    #[test]
    fn codes_of_sqlite() {
        // The extended ones: a failed write, a failed sync, a constraint.
        for (code, outage) in [
            ("13", Some(Outage::Full)),
            ("778", Some(Outage::Disk)),
            ("1034", Some(Outage::Disk)),
            ("5", Some(Outage::Busy)),
            ("2067", None),
            ("11", None),
        ] {
            assert_eq!(of_sqlite(code), outage, "{code}");
        }
    }

    #[test]
    fn a_conflict_does_not_pass_by_waiting() {
        assert_eq!(StoreError::Conflict.outage(), None);
        assert_eq!(
            StoreError::Database(sqlx::Error::PoolTimedOut).outage(),
            Some(Outage::Unreachable)
        );
    }
}
