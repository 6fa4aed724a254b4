//! Taking a file in: parsed, checked, encrypted, then put on record as a version.

use std::collections::BTreeSet;
use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use gongshu_governance::identifier::{ResourceId, VersionId};
use gongshu_governance::power::Act;
use gongshu_governance::quality::{Measured, Proportion};
use gongshu_governance::resource::{RecordVersion, Version, VersionStatus};
use gongshu_governance::rules::Rule;
use gongshu_governance::{Actor, Command, Text};
use gongshu_vault::{IngestError, Ingested, SourceSpec};

use crate::act::ActReceipt;
use crate::district::District;
use crate::error::{AppError, RowProblem};

/// A version that is in operation.
#[derive(Debug, Clone)]
pub struct IngestReceipt {
    /// The act that put it on record.
    pub act: ActReceipt,
    /// The version.
    pub version: Version,
    /// Rows that were set aside, as many as are reported.
    pub problems: Vec<RowProblem>,
}

impl District {
    /// Ingests a file as the next version of a resource.
    ///
    /// # Errors
    /// Refuses an actor who is not the resource's provider before a byte is read; reports rows
    /// that break a check with line and column, and leaves nothing behind then.
    pub async fn ingest(
        &self,
        actor: Actor,
        resource: ResourceId,
        bytes: impl Read + Send + 'static,
    ) -> Result<IngestReceipt, AppError> {
        let spec = self.source_of(&actor, &resource)?;
        let id = self.new_id(VersionId::PREFIX);
        let unique = unique_columns(&spec);
        let read = Arc::new(AtomicU64::new(0));
        let bytes = Counting {
            bytes,
            read: read.clone(),
        };
        let ingested = self.take_in(id.clone(), spec, bytes).await?;
        let stored = self.0.domain.vault.version(&id).map_err(AppError::internal)?;
        let version = Version {
            id: VersionId::new(&id),
            rows: ingested.rows,
            quarantined: ingested.quarantined_rows,
            source_sha256: ingested.source_sha256.clone(),
            stored_sha256: ingested.stored_sha256.clone(),
            source_bytes: Some(read.load(Ordering::Relaxed)),
            stored_bytes: Some(stored.stored_bytes()),
            key_id: ingested.key_id.clone(),
            quality: Some(measured(&ingested, &unique)),
            status: VersionStatus::InOperation,
        };
        let command = Command::RecordVersion(RecordVersion {
            resource,
            version: version.clone(),
        });
        match self.act(actor, command, None).await {
            Ok(act) => {
                let problems = ingested.quarantined.iter().map(row_problem).collect();
                Ok(IngestReceipt { act, version, problems })
            }
            Err(error) => {
                // What is not on record must not stay in the vault.
                let _ = self.0.domain.vault.destroy(&id, self.now());
                Err(error)
            }
        }
    }

    /// The source specification of a resource that is the actor's.
    fn source_of(&self, actor: &Actor, id: &ResourceId) -> Result<SourceSpec, AppError> {
        let snapshot = self.snapshot();
        let context = self.context(actor);
        let party = snapshot.state.party(&actor.party, &context)?;
        let resource = snapshot.state.resource(id, &context)?;
        let provider = &resource.registration.provider;
        if !self
            .powers()
            .allows(&party.id, party.role, Act::RecordVersion, Some(provider))
        {
            return Err(self
                .rules()
                .refuse(
                    Rule::Power,
                    Text::new(
                        format!("`{}` 不是该资源的数源单位", party.name),
                        format!("`{}` is not the provider of this resource", party.name),
                    ),
                    Text::new("请由该资源的数源单位入库", "let the resource's provider ingest it"),
                )
                .into());
        }
        serde_json::from_value(resource.registration.source.clone()).map_err(|error| {
            self.rules()
                .input(
                    Text::new(
                        format!("资源的读取说明无效：{error}"),
                        format!("the resource's source specification cannot be read: {error}"),
                    ),
                    Text::new(
                        "请变更资源登记中的读取说明",
                        "correct the source specification of the registration",
                    ),
                )
                .into()
        })
    }

    async fn take_in(
        &self,
        version: String,
        spec: SourceSpec,
        bytes: impl Read + Send + 'static,
    ) -> Result<Ingested, AppError> {
        let vault = self.0.domain.vault.clone();
        let mut rng = self.0.entropy.fork();
        let at = self.now();
        let work = move || vault.ingest(&version, &spec, bytes, at, &mut rng, &mut |_| {});
        let done = tokio::task::spawn_blocking(work).await.map_err(AppError::internal)?;
        done.map_err(|error| rejected(&error))
    }
}

/// A reader that counts what comes through it.
struct Counting<R> {
    bytes: R,
    read: Arc<AtomicU64>,
}

impl<R: Read> Read for Counting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.bytes.read(buffer)?;
        self.read.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

fn unique_columns(spec: &SourceSpec) -> BTreeSet<String> {
    let unique = spec.columns.iter().filter(|column| column.unique);
    unique.map(|column| column.name.clone()).collect()
}

/// What the values of a version tell of its quality.
fn measured(ingested: &Ingested, unique: &BTreeSet<String>) -> Measured {
    let cells = ingested.rows * ingested.profile.len() as u64;
    let missing: u64 = ingested.profile.iter().map(|column| column.nulls).sum();
    let declared = ingested.profile.iter().filter(|column| unique.contains(&column.name));
    let values = declared.map(|column| {
        let of = ingested.rows - column.nulls;
        (column.distinct.unwrap_or(of), of)
    });
    let (held, of) = values.fold((0, 0), |sum, column| (sum.0 + column.0, sum.1 + column.1));
    Measured {
        complete: Proportion {
            held: cells - missing,
            of: cells,
        },
        conforming: Proportion {
            held: ingested.rows,
            of: ingested.rows_read,
        },
        unique: (!unique.is_empty()).then_some(Proportion { held, of }),
    }
}

fn rejected(error: &IngestError) -> AppError {
    let rows: Vec<RowProblem> = error.row_errors().iter().map(row_problem).collect();
    let zh = match rows.first() {
        Some(row) => format!("文件被退回：第 {} 行第 {} 列{}", row.line, row.column, row.message.zh),
        None => format!("文件被退回：{error}"),
    };
    AppError::Ingest {
        message: Text::new(zh, error.to_string()),
        rows,
    }
}

fn row_problem(row: &gongshu_vault::RowError) -> RowProblem {
    RowProblem {
        line: row.line,
        column: row.column.into(),
        field: row.field.clone(),
        message: Text::new(row.message.zh.clone(), row.message.en.clone()),
    }
}
