//! Putting a file on record that the platform has taken in.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::FileEvent;
use super::mentions::things_that_name;
use super::readers::concerns_by_itself;
use crate::Context;
use crate::event::Event;
use crate::identifier::{FileId, PartyId};
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::{Text, is_sha256};

/// Most characters of a file's name.
pub const FILE_NAME_CHARACTERS_MAX: usize = 200;

/// Puts a file on record. The platform fills in what it has measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecordFile {
    /// Its id.
    pub id: FileId,
    /// SHA-256 of its content, lower-case hex.
    pub sha256: String,
    /// Its length in bytes.
    pub bytes: u64,
    /// Its media type, by its first bytes.
    pub media_type: String,
    /// What its owner calls it.
    pub name: String,
}

/// Decides whether a file is kept.
///
/// # Errors
/// Refuses one that is empty, too large or of another media type, what would be more than a party may keep, and what the
/// party keeps already.
pub fn decide_record(state: &State, command: &RecordFile, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let by = &context.actor.party;
    check_name(command, context)?;
    let owns = |id: &FileId| state.files.get(id).is_some_and(|file| file.by == *by);
    let held = state.documents.get(&command.sha256);
    if held.is_some_and(|document| document.files.iter().any(owns)) || state.revision(command.id.as_str()) > 0 {
        return Err(context.rules.refuse(
            Rule::Duplicate,
            Text::new("本单位已上传该文件", "this party keeps this file already"),
            Text::new("请直接使用其 SHA-256", "use its SHA-256"),
        ));
    }
    check_kept(state, command, context)?;
    Ok(vec![Event::File(FileEvent::Recorded {
        file: command.clone(),
        by: by.clone(),
        named: things_that_name(state, &command.sha256)
            .into_iter()
            .filter(|thing| concerns_by_itself(state, thing, by))
            .collect(),
    })])
}

fn check_name(command: &RecordFile, context: &Context<'_>) -> Result<(), Refusal> {
    let name = command.name.trim();
    let sound = !name.is_empty()
        && name.chars().count() <= FILE_NAME_CHARACTERS_MAX
        && !name
            .chars()
            .any(|letter| letter.is_control() || letter == '/' || letter == '\\');
    if sound && is_sha256(&command.sha256) {
        return Ok(());
    }
    Err(context.rules.input(
        Text::new(
            "文件名为空、过长或含有不可用的字符",
            "the file's name is empty, too long, or has characters that names don't have",
        ),
        Text::new(
            format!("请使用不超过 {FILE_NAME_CHARACTERS_MAX} 字、不含斜杠的文件名"),
            format!("give a name of at most {FILE_NAME_CHARACTERS_MAX} characters without slashes"),
        ),
    ))
}

fn check_kept(state: &State, command: &RecordFile, context: &Context<'_>) -> Result<(), Refusal> {
    let terms = &context.rules.parameters().files;
    if !terms.media_types.contains(&command.media_type) {
        return Err(context.rules.refuse_by(
            Rule::FileStore,
            "media_types",
            Text::new(
                format!("不接受此类文件（{}）", command.media_type),
                format!("files of this kind are not taken: {}", command.media_type),
            ),
            Text::new(
                format!("请转换为以下类型之一：{}", terms.list_of_types()),
                format!("convert it to one of {}", terms.list_of_types()),
            ),
        ));
    }
    if command.bytes == 0 || command.bytes > terms.file_bytes_max {
        return Err(context.rules.refuse_by(
            Rule::FileStore,
            "file_bytes_max",
            Text::new(
                format!("文件须为 1 至 {} 字节", terms.file_bytes_max),
                format!("a file has 1 to {} bytes", terms.file_bytes_max),
            ),
            Text::new("请压缩或拆分后上传", "compress or split it"),
        ));
    }
    let kept = kept_bytes(state, &context.actor.party);
    if kept.saturating_add(command.bytes) > terms.party_bytes_max {
        return Err(context.rules.refuse_by(
            Rule::FileStore,
            "party_bytes_max",
            Text::new(
                format!(
                    "本单位文件已有 {kept} 字节，合计不得超过 {} 字节",
                    terms.party_bytes_max
                ),
                format!("this party keeps {kept} bytes of at most {}", terms.party_bytes_max),
            ),
            Text::new(
                "请先删除不再需要且未被引用的文件",
                "remove files first that are not needed and that nothing names",
            ),
        ));
    }
    Ok(())
}

/// Bytes of all files of a party.
fn kept_bytes(state: &State, party: &PartyId) -> u64 {
    let own = state.files.values().filter(|file| file.by == *party);
    own.map(|file| file.of.bytes).fold(0, u64::saturating_add)
}
