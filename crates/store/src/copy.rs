//! Copying a store into another, whole or up to a size of the ledger: for backups, restores and moves between
//! databases.

use futures::TryStreamExt;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Executor, Row};

use crate::error::StoreError;
use crate::open::Store;
use crate::records::MeterRecord;
use crate::rows::{signed, unsigned};

/// A type of the columns that both databases know.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Number,
    Text,
    Bytes,
}

use Kind::{Bytes, Number, Text};

/// A table, its columns, and which of its rows belong to a ledger of `$1` entries.
struct Table {
    name: &'static str,
    columns: &'static [(&'static str, Kind)],
    within: &'static str,
}

/// Full tiles only are stored: a tile of level `l` and index `i` covers entries up to `(i + 1) * 256^(l + 1)`.
const TILES_WITHIN: &str = "(level = 0 AND (idx + 1) * 256 <= $1) OR (level = 1 AND (idx + 1) * 65536 <= $1) \
                            OR (level = 2 AND (idx + 1) * 16777216 <= $1) OR (level = 3 AND (idx + 1) * 4294967296 <= $1)";

/// All that is copied. Not copied: `sessions`; `enrolment_codes`; `ledger_head`, which is written last; totals of a copy that is not whole.
const TABLES: &[Table] = &[
    Table {
        name: "ledger_entries",
        columns: &[("idx", Number), ("entry", Bytes)],
        within: "idx < $1",
    },
    Table {
        name: "ledger_tiles",
        columns: &[("level", Number), ("idx", Number), ("hashes", Bytes)],
        within: TILES_WITHIN,
    },
    Table {
        name: "acts",
        columns: &[
            ("idx", Number),
            ("act", Text),
            ("party", Text),
            ("person", Text),
            ("at", Text),
            ("command", Text),
            ("rules_hash", Text),
            ("salt", Text),
        ],
        within: "idx < $1",
    },
    Table {
        name: "events",
        columns: &[
            ("seq", Number),
            ("act", Number),
            ("stream", Text),
            ("revision", Number),
            ("at", Text),
            ("event", Text),
        ],
        within: "act < $1",
    },
    Table {
        name: "calls",
        columns: &[
            ("idx", Number),
            ("id", Text),
            ("at", Text),
            ("decided_under", Number),
            ("consumer", Text),
            ("product", Text),
            ("scenario", Text),
            ("subscription", Text),
            ("refused_by", Text),
            ("failure", Text),
            ("fee_fen", Number),
            ("split", Text),
            ("answer_bytes", Number),
            ("answer_rows", Number),
            ("private", Text),
        ],
        within: "idx < $1",
    },
    Table {
        name: "call_keys",
        columns: &[("dedupe", Text), ("idx", Number)],
        within: "idx < $1",
    },
    Table {
        name: "accounts",
        columns: &[
            ("person", Text),
            ("party", Text),
            ("login", Text),
            ("name", Text),
            ("password_hash", Text),
        ],
        within: "$1 >= 0",
    },
    Table {
        name: "rule_packs",
        columns: &[("hash", Text), ("packs", Text)],
        within: "$1 >= 0",
    },
    Table {
        name: "certificate_authorities",
        columns: &[
            ("level", Text),
            ("algorithm", Text),
            ("certificate", Bytes),
            ("wrapped_key", Text),
        ],
        within: "$1 >= 0",
    },
    Table {
        name: "certificates",
        columns: &[
            ("serial", Text),
            ("party", Text),
            ("kind", Text),
            ("name", Text),
            ("person", Text),
            ("credential", Text),
            ("der", Bytes),
            ("issued_at", Text),
            ("expires_at", Text),
            ("revoked_at", Text),
            ("reason", Text),
        ],
        within: "$1 >= 0",
    },
    Table {
        name: "documents",
        columns: &[("sha256", Text), ("content", Bytes)],
        within: "$1 >= 0",
    },
    Table {
        name: "final_checkpoints",
        columns: &[("size", Number), ("checkpoint", Text)],
        within: "size <= $1",
    },
    Table {
        name: "time_stamps",
        columns: &[("size", Number), ("at", Text), ("reply", Bytes)],
        within: "size <= $1",
    },
];

/// Running totals are those of the whole ledger.
const METERS: Table = Table {
    name: "meters",
    columns: &[("id", Text), ("calls", Number), ("fen", Number)],
    within: "$1 >= 0",
};

/// What a copy holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// Entries of the ledger.
    pub size: u64,
    /// The checkpoint of the store that was copied; it is the copy's own where all entries were copied.
    pub checkpoint: String,
    /// Whether all entries were copied.
    pub whole: bool,
}

impl Store {
    /// Copies this store into an empty one, as it is at one moment, while others write to it. With `size`, only the
    /// ledger's first entries and what belongs to them. The copy has no head
    /// until [`Store::put_head`], and no totals where it is not whole.
    ///
    /// # Errors
    /// When the target has entries, or a database fails.
    pub async fn copy_into(&self, target: &Self, size: Option<u64>) -> Result<Copied, StoreError> {
        let mut from = self.pool.begin().await?;
        if self.shared {
            from.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ").await?;
        }
        let head = from
            .fetch_one("SELECT size, checkpoint, suite FROM ledger_head WHERE id = 1")
            .await?;
        let all = unsigned(&head, "size")?;
        let size = size.map_or(all, |size| size.min(all));
        if target.size().await? > 0 {
            return Err(StoreError::Corrupt("the target holds a ledger already".to_owned()));
        }
        let mut into = target.pool.begin().await?;
        let suite: String = head.try_get("suite")?;
        crate::suite::put(&mut into, suite.parse().map_err(StoreError::corrupt)?).await?;
        for table in TABLES {
            table.copy(&mut from, &mut into, size).await?;
        }
        if size == all {
            METERS.copy(&mut from, &mut into, size).await?;
        }
        into.commit().await.map_err(StoreError::of_write)?;
        Ok(Copied {
            size,
            checkpoint: head.try_get("checkpoint")?,
            whole: size == all,
        })
    }

    /// Completes a copy: its size, its checkpoint, and totals that it lacks.
    ///
    /// # Errors
    /// When the store has a head already, or the database fails.
    pub async fn put_head(&self, size: u64, checkpoint: &str, meters: &[MeterRecord]) -> Result<(), StoreError> {
        let batch = crate::records::Batch {
            checkpoint: checkpoint.to_owned(),
            meters: meters.to_vec(),
            ..crate::records::Batch::default()
        };
        let mut transaction = self.pool.begin().await?;
        crate::commit::write(&mut transaction, &batch).await?;
        let text = "UPDATE ledger_head SET size = $1 WHERE id = 1 AND size = 0";
        sqlx::query(text).bind(signed(size)?).execute(&mut *transaction).await?;
        transaction.commit().await.map_err(StoreError::of_write)
    }
}

impl Table {
    async fn copy(&self, from: &mut AnyConnection, into: &mut AnyConnection, size: u64) -> Result<(), StoreError> {
        let names: Vec<&str> = self.columns.iter().map(|(name, _)| *name).collect();
        let marks: Vec<String> = (1..=names.len()).map(|number| format!("${number}")).collect();
        let (names, marks) = (names.join(", "), marks.join(", "));
        let read = format!("SELECT {names} FROM {} WHERE {}", self.name, self.within);
        let write = format!("INSERT INTO {} ({names}) VALUES ({marks})", self.name);
        let mut rows = sqlx::query(AssertSqlSafe(read)).bind(signed(size)?).fetch(from);
        while let Some(row) = rows.try_next().await? {
            let query = self.bind(sqlx::query(AssertSqlSafe(write.clone())), &row)?;
            query.execute(&mut *into).await.map_err(StoreError::of_write)?;
        }
        Ok(())
    }

    fn bind<'q>(&self, query: Insert<'q>, row: &AnyRow) -> Result<Insert<'q>, StoreError> {
        let mut query = query;
        for (name, kind) in self.columns {
            query = match kind {
                Number => query.bind(row.try_get::<i64, _>(*name)?),
                Text => query.bind(row.try_get::<String, _>(*name)?),
                Bytes => query.bind(row.try_get::<Vec<u8>, _>(*name)?),
            };
        }
        Ok(query)
    }
}

type Insert<'q> = sqlx::query::Query<'q, sqlx::Any, sqlx::any::AnyArguments>;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Tables that a copy leaves out, or that are written last.
    const OTHERS: [&str; 4] = ["ledger_head", "sessions", "enrolment_codes", "_sqlx_migrations"];

    #[tokio::test]
    async fn every_table_and_column_is_copied_or_left_out_on_purpose() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("new.db").display());
        let store = Store::open(&url).await.unwrap();
        let text = "SELECT m.name || '.' || c.name AS name, m.name AS of_table FROM sqlite_master m, \
                    pragma_table_info(m.name) c WHERE m.type = 'table'";
        let rows = sqlx::query(text).fetch_all(&store.pool).await.unwrap();
        let there: BTreeSet<String> = rows
            .iter()
            .filter(|row| !OTHERS.contains(&row.get::<String, _>("of_table").as_str()))
            .map(|row| row.get("name"))
            .collect();
        let copied = TABLES.iter().chain([&METERS]).flat_map(|table| {
            table
                .columns
                .iter()
                .map(|(column, _)| format!("{}.{column}", table.name))
        });
        assert_eq!(copied.collect::<BTreeSet<_>>(), there);
    }
}
