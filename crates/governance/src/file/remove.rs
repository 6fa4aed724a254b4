//! Removing a file that nothing names.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::FileEvent;
use super::mentions::things_that_name;
use crate::Context;
use crate::event::Event;
use crate::identifier::FileId;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

/// Removes a file that nothing names. Its key is destroyed, and with it the content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RemoveFile {
    /// The file.
    pub file: FileId,
    /// Why.
    pub reason: String,
}

/// Decides a removal.
///
/// # Errors
/// Refuses one without a reason, of a file that something names, and of one that was put there a short while ago: the act
/// that it was put there for may be under way.
pub fn decide_remove(state: &State, command: &RemoveFile, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let file = state.file(&command.file, context)?;
    context
        .rules
        .said(&command.reason, ("删除理由", "reason of the removal"))?;
    let document = state.documents.get(&file.of.sha256);
    let by_an_act = document.and_then(|document| document.named.first());
    // Which of the things of others name it is not told.
    if by_an_act.is_some() || !things_that_name(state, &file.of.sha256).is_empty() {
        let thing = by_an_act.map_or_else(String::new, |naming| format!(" `{}`", naming.thing()));
        return Err(context.rules.refuse(
            Rule::FileRemoval,
            Text::new(
                format!("该文件已被登记事项引用{thing}"),
                format!("a thing on record names the file{thing}"),
            ),
            Text::new(
                "被引用的文件随所涉事项留存，无需办理",
                "what is named stays with the thing that names it; there is nothing to do",
            ),
        ));
    }
    let days = context.rules.parameters().files.removal_days_min;
    let from = file.at.saturating_add(jiff::SignedDuration::from_hours(24 * days));
    if from.is_ok_and(|from| context.at < from) {
        return Err(context.rules.refuse_by(
            Rule::FileRemoval,
            "days_min",
            Text::new(
                format!("上传未满 {days} 日，所办事项可能正在引用"),
                format!("it was put there less than {days} days ago, and an act may be about to name it"),
            ),
            Text::new("请期满后再删除", "remove it once that time has passed"),
        ));
    }
    Ok(vec![Event::File(FileEvent::Removed(command.clone()))])
}
