//! Posts come and go.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Post, PostEvent};
use crate::Context;
use crate::event::Event;
use crate::identifier::{PartyId, PostId};
use crate::power::Act;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

/// Creates a post of a party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CreatePost {
    /// Its id.
    pub id: PostId,
    /// Whose post it is.
    pub party: PartyId,
    /// Its name, as the party's own order writes it.
    pub name: String,
    /// The acts that whoever holds it may do, out of those of the party's role.
    pub acts: BTreeSet<Act>,
}

/// Closes a post: whoever holds it holds it no longer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ClosePost {
    /// Which.
    pub post: PostId,
    /// Why.
    pub reason: String,
}

/// Decides the creation of a post.
///
/// # Errors
/// Refuses one without a name or acts, with acts that the party's role never does, or that is on record.
pub fn decide_create(state: &State, command: &CreatePost, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let party = state.present_party(&command.party, context)?;
    context.rules.said(&command.name, ("岗位名称", "name"))?;
    let same_name = |post: &Post| post.of.name == command.name;
    if state.posts.contains_key(&command.id) || state.open_posts(&command.party).any(same_name) {
        return Err(context.rules.refuse(
            Rule::Duplicate,
            Text::new(
                format!("岗位“{}”已经设立", command.name),
                format!("the post `{}` is on record", command.name),
            ),
            Text::new(
                "无需重复设立，或另起名称",
                "there is nothing to do, or give it another name",
            ),
        ));
    }
    let beyond = |act: &&Act| !context.powers.allows(&party.id, party.role, **act, Some(&party.id));
    let act = command.acts.iter().find(beyond);
    if act.is_none() && !command.acts.is_empty() {
        return Ok(vec![Event::Post(PostEvent::Created(command.clone()))]);
    }
    let what = act.map_or_else(|| Text::new("任何事项", "no act"), |act| act.name());
    Err(context.rules.refuse(
        Rule::Post,
        act.map_or_else(
            || Text::new("岗位未列明可办理的事项", "the post carries no act"),
            |_| {
                Text::new(
                    format!("{}无权{}，岗位不得包含该事项", party.role.zh(), what.zh),
                    format!(
                        "a party of the role `{}` has no power to “{}”",
                        party.role.id(),
                        what.en
                    ),
                )
            },
        ),
        Text::new(
            "请从本单位有权办理的事项中选择",
            "choose among the acts of the party's role",
        ),
    ))
}

/// Decides the end of a post.
///
/// # Errors
/// Refuses one that is closed, and an end without a reason.
pub fn decide_close(state: &State, command: &ClosePost, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    open(state, &command.post, context)?;
    context.rules.said(&command.reason, ("撤销理由", "reason"))?;
    Ok(vec![Event::Post(PostEvent::Closed(command.clone()))])
}

/// The post of this id, unless it is closed.
pub(super) fn open<'s>(state: &'s State, id: &PostId, context: &Context<'_>) -> Result<&'s Post, Refusal> {
    let post = state.post(id, context)?;
    if post.closed.is_none() {
        return Ok(post);
    }
    Err(context.rules.wrong_state(
        Text::new(
            format!("岗位“{}”已撤销", post.of.name),
            format!("the post `{}` is closed", post.of.name),
        ),
        Text::new("请选择在设岗位", "choose a post that is open"),
    ))
}
