//! Four eyes: nobody decides on what he filed (行政事业单位内部控制规范, 第十二条: 不相容岗位相互分离).
//!
//! Which acts are kept apart is data of the packs. Both acts of a pair are on one thing.

use super::{Filing, PostEvent};
use crate::event::Event;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;
use crate::{Command, Context};

/// Refuses the person who filed, and a machine where a person did: nobody knows whose hand it is.
///
/// # Errors
/// [`Rule::FourEyes`].
pub(crate) fn check_four_eyes(state: &State, command: &Command, context: &Context<'_>) -> Result<(), Refusal> {
    let decided = command.act();
    let Some(filed) = state.filed.get(command.stream()) else {
        return Ok(());
    };
    let pairs = context.rules.parameters().four_eyes.iter();
    for (first, _) in pairs.filter(|(_, second)| *second == decided) {
        let mut by = filed.iter().filter(|(act, _)| act == first).map(|(_, person)| person);
        let same = match &context.actor.person {
            Some(person) => by.any(|filer| filer == person),
            None => by.next().is_some(),
        };
        if same {
            return Err(context.rules.refuse(
                Rule::FourEyes,
                Text::new(
                    format!(
                        "“{}”须由办理“{}”以外的人员办理，不得由接口密钥代办",
                        decided.zh(),
                        first.zh()
                    ),
                    format!(
                        "`{}` is for another person than the one of `{}`, and not for a machine",
                        decided.id(),
                        first.id()
                    ),
                ),
                Text::new(
                    "请由本单位另一位有权人员登录后办理",
                    "let another person of the party sign in and do it",
                ),
            ));
        }
    }
    Ok(())
}

/// What is remembered of the person who acts, where a pack keeps what he did apart from what follows.
pub(crate) fn filing(command: &Command, context: &Context<'_>) -> Option<Event> {
    let act = command.act();
    let mut pairs = context.rules.parameters().four_eyes.iter();
    let by = context.actor.person.clone()?;
    pairs.any(|(first, _)| *first == act).then(|| {
        Event::Post(PostEvent::Filed(Filing {
            stream: format!("{}{}", Filing::STREAM, command.stream()),
            act,
            by,
        }))
    })
}
