//! Files of parties: taken in, encrypted, put on record; read by whoever may, on record where it is another's; removed.
//!
//! The content is durable before the act that puts it on record, so that no record is without its content. Content
//! without a record is destroyed at once where the act was refused, and at the next start where a crash came between.

mod intake;
mod kind;

use std::io::Read;

use gongshu_governance::file::{File, ReadFile, RecordFile, RemoveFile, may_read};
use gongshu_governance::identifier::{FileId, PartyId};
use gongshu_governance::{Actor, Command, State, Text, decide};
use gongshu_vault::{FileReader, VaultError};
use sha2::{Digest, Sha256};

use crate::act::ActReceipt;
use crate::district::District;
use crate::error::AppError;
use intake::{Intake, Taken};

/// A file that its party keeps.
#[derive(Debug, Clone)]
pub struct KeptFile {
    /// The file, as it is on record.
    pub file: RecordFile,
    /// The receipt of its recording; none where the party kept the same content before.
    pub receipt: Option<ActReceipt>,
}

/// A file that is read. Every byte has been checked against its hash before.
#[derive(Debug)]
pub struct OpenFile {
    /// The file, as it is on record.
    pub file: RecordFile,
    /// Its content, piece by piece; reading blocks.
    pub content: FileReader,
    /// The entry by which the reading is on record; none where the reader put the file there.
    pub receipt: Option<ActReceipt>,
}

impl District {
    /// Takes a file in, and puts it on record.
    ///
    /// # Errors
    /// Refuses as [`gongshu_governance::file::decide_record`], before the content is read where that can be said, and as
    /// soon as there are more bytes than a file may have.
    pub async fn put_file(
        &self,
        actor: Actor,
        name: String,
        content: impl Read + Send + 'static,
    ) -> Result<KeptFile, AppError> {
        let id = FileId::new(self.new_id(FileId::PREFIX));
        let terms = self.rules().parameters().files.clone();
        let mut file = RecordFile {
            id: id.clone(),
            sha256: "0".repeat(64),
            bytes: 1,
            media_type: terms.media_types.first().cloned().unwrap_or_default(),
            name,
        };
        self.check_file(&actor, &file)?;
        let taken = self.take_file(&id, terms.file_bytes_max, content).await?;
        (file.sha256, file.bytes, file.media_type) = (taken.sha256, taken.bytes, taken.media_type.to_owned());
        if let Some(kept) = own(&self.snapshot().state, &actor.party, &file.sha256) {
            self.remove_content(&id).await;
            return Ok(KeptFile {
                file: kept.of.clone(),
                receipt: None,
            });
        }
        let command = Command::RecordFile(file.clone());
        let refused = match taken.whole {
            true => self.act(actor, command, None).await,
            // It is too large, which is what the rule says.
            false => self
                .check_file(&actor, &file)
                .and_then(|()| Err(AppError::internal("a file that is too large was not refused"))),
        };
        // Of what was not confirmed nobody knows whether it is on record; the next start does.
        if matches!(refused, Err(AppError::Refused { .. })) {
            self.remove_content(&id).await;
        }
        Ok(KeptFile {
            receipt: Some(refused?),
            file,
        })
    }

    /// Whether a file could be put on record as it is described.
    fn check_file(&self, actor: &Actor, file: &RecordFile) -> Result<(), AppError> {
        let context = self.context(actor);
        let command = Command::RecordFile(file.clone());
        decide(&self.snapshot().state, &command, &context)?;
        Ok(())
    }

    async fn take_file(
        &self,
        id: &FileId,
        bytes_max: u64,
        content: impl Read + Send + 'static,
    ) -> Result<Taken, AppError> {
        let (vault, name, mut rng) = (self.0.domain.vault.clone(), id.to_string(), self.0.entropy.fork());
        let take = move || {
            let mut intake = Intake::new(content, bytes_max);
            let put = vault.put_file(&name, &mut intake, &mut rng);
            match intake.fault() {
                Some(fault) => Err(AppError::Upload(fault)),
                None => put.map(|_| intake.taken()).map_err(storage),
            }
        };
        tokio::task::spawn_blocking(take).await.map_err(AppError::internal)?
    }

    /// Opens the file of a hash for a reader. That a party reads what another put there is on record before it is given.
    ///
    /// # Errors
    /// What the party may not read is as unknown as what is not there. Refuses a content that is not what was put there.
    pub async fn read_file(&self, actor: Actor, sha256: &str) -> Result<OpenFile, AppError> {
        let snapshot = self.snapshot();
        let found = readable(&snapshot.state, &actor.party, sha256);
        let unknown = || self.rules().unknown(&Text::new("文件", "file"), sha256);
        let mut outcome = Err(AppError::from(unknown()));
        for file in found {
            outcome = self
                .checked_content(&file.of)
                .await
                .map(|content| (file.clone(), content));
            if outcome.is_ok() {
                break;
            }
        }
        let (file, content) = outcome?;
        let receipt = match file.by == actor.party {
            true => None,
            false => {
                let command = ReadFile {
                    file: file.of.id.clone(),
                };
                Some(self.act(actor, Command::ReadFile(command), None).await?)
            }
        };
        Ok(OpenFile {
            file: file.of,
            content,
            receipt,
        })
    }

    /// The content of a file that is, byte for byte, what was put there.
    pub(crate) async fn checked_content(&self, file: &RecordFile) -> Result<FileReader, AppError> {
        let (vault, file) = (self.0.domain.vault.clone(), file.clone());
        let check = move || {
            let mut hash = Sha256::new();
            for piece in vault.file(file.id.as_str()).map_err(|error| unreadable(&file, error))? {
                hash.update(piece.map_err(|error| unreadable(&file, error))?);
            }
            match hex::encode(hash.finalize()) == file.sha256 {
                true => vault.file(file.id.as_str()).map_err(|error| unreadable(&file, error)),
                false => Err(altered(&file)),
            }
        };
        tokio::task::spawn_blocking(check).await.map_err(AppError::internal)?
    }

    /// The files that a party may read, the newest first.
    #[must_use]
    pub fn files_of(&self, party: &PartyId) -> Vec<File> {
        let snapshot = self.snapshot();
        let files = snapshot.state.files.values();
        let seen = files.filter(|file| file.by == *party || may_read(&snapshot.state, party, &file.of.sha256));
        let mut files: Vec<File> = seen.map(|file| File::clone(file)).collect();
        files.sort_by(|a, b| b.of.id.cmp(&a.of.id));
        files
    }

    /// Removes a file; its key is destroyed.
    ///
    /// # Errors
    /// As [`District::act`].
    pub async fn remove_file(
        &self,
        actor: Actor,
        removal: RemoveFile,
        seen_revision: Option<u64>,
    ) -> Result<ActReceipt, AppError> {
        let id = removal.file.clone();
        let done = self.act(actor, Command::RemoveFile(removal), seen_revision).await?;
        self.remove_content(&id).await;
        Ok(done)
    }

    async fn remove_content(&self, id: &FileId) {
        let (vault, name) = (self.0.domain.vault.clone(), id.to_string());
        let removed = tokio::task::spawn_blocking(move || vault.remove_file(&name)).await;
        if !matches!(removed, Ok(Ok(()))) {
            tracing::warn!(%id, "what is stored of this file is destroyed at the next start");
        }
    }

    /// Destroys what a crash has left: content that is not on record, and that of files which are removed.
    pub(crate) fn sweep_files(&self) -> Result<(), AppError> {
        let snapshot = self.snapshot();
        let on_record = |name: &str| snapshot.state.files.contains_key(&FileId::new(name));
        let swept = self
            .0
            .domain
            .vault
            .sweep_files(&on_record)
            .map_err(AppError::internal)?;
        if swept > 0 {
            tracing::info!(swept, "destroyed what was left of files that are not on record");
        }
        Ok(())
    }
}

/// The file of this content that a party has put there.
fn own<'s>(state: &'s State, party: &PartyId, sha256: &str) -> Option<&'s File> {
    let document = state.documents.get(sha256)?;
    let mut files = document.files.iter().filter_map(|id| state.files.get(id));
    files.find(|file| file.by == *party).map(|file| &**file)
}

/// The files of this content that a party may read, its own first.
pub(crate) fn readable(state: &State, party: &PartyId, sha256: &str) -> Vec<File> {
    if !may_read(state, party, sha256) {
        return Vec::new();
    }
    let document = state.documents.get(sha256).into_iter();
    let files = document.flat_map(|document| document.files.iter().filter_map(|id| state.files.get(id)));
    let mut files: Vec<File> = files.map(|file| File::clone(file)).collect();
    files.sort_by_key(|file| file.by != *party);
    files
}

fn unreadable(file: &RecordFile, error: VaultError) -> AppError {
    match error {
        VaultError::Altered { .. } | VaultError::UnknownVersion(_) => altered(file),
        other => storage(other),
    }
}

/// The stored content is not what was put there: whoever runs the platform has to know.
fn altered(file: &RecordFile) -> AppError {
    tracing::error!(id = %file.id, sha256 = %file.sha256, "a stored file was altered, damaged or lost; restore it from a backup");
    AppError::FileAltered(Text::new(
        format!(
            "文件“{}”的存储内容已损坏、缺失或被改动，未予提供；请联系平台运维从备份恢复",
            file.name
        ),
        format!(
            "what is stored of `{}` was altered, damaged or lost, and is not given out; let it be restored from a backup",
            file.name
        ),
    ))
}

fn storage(error: VaultError) -> AppError {
    match error {
        VaultError::Io { .. } => {
            tracing::error!(%error, "the storage of files cannot be used");
            AppError::Storage(Text::new(
                "文件存储暂不可用，请稍后重试",
                "the storage of files cannot be used now; try again later",
            ))
        }
        other => AppError::internal(other),
    }
}
