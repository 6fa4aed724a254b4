//! Reading a file that another party has put there: on record before its content leaves.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{FileEvent, may_read};
use crate::Context;
use crate::event::Event;
use crate::identifier::FileId;
use crate::refusal::Refusal;
use crate::state::State;
use crate::text::Text;

/// Reads a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReadFile {
    /// The file.
    pub file: FileId,
}

/// Decides whether a party reads a file.
///
/// # Errors
/// One that the party may not read is as unknown as one that is not there.
pub fn decide_read(state: &State, command: &ReadFile, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let file = state.file(&command.file, context)?;
    if !may_read(state, &context.actor.party, &file.of.sha256) {
        let what = Text::new("文件", "file");
        return Err(context.rules.unknown(&what, command.file.as_str()));
    }
    Ok(vec![Event::File(FileEvent::Read {
        file: command.file.clone(),
        by: context.actor.party.clone(),
    })])
}
