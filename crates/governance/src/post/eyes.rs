//! Four eyes: nobody decides on what he filed (行政事业单位内部控制规范, 第十二条: 不相容岗位相互分离).
//!
//! Which acts are kept apart is data of the packs. Both acts of a pair are on one thing. A party without posts may act
//! by a key; the record then says that nobody stood behind the act, and two such acts of one party are no four eyes.

use std::borrow::Cow;

use super::{Filing, Hand, PostEvent, Unattended};
use crate::event::Event;
use crate::power::Act;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;
use crate::{Command, Context};

/// Refuses the person who filed, a machine where a person did (nobody knows whose hand it is), and a machine where a
/// machine of the same party did.
///
/// # Errors
/// [`Rule::FourEyes`].
pub(crate) fn check_four_eyes(state: &State, command: &Command, context: &Context<'_>) -> Result<(), Refusal> {
    let decided = command.act();
    let Some(filed) = state.filed.get(&*thing(command)) else {
        return Ok(());
    };
    let pairs = context.rules.parameters().four_eyes.iter();
    for (first, _) in pairs.filter(|(_, second)| *second == decided) {
        let by = filed.iter().filter(|(act, _)| act == first).map(|(_, hand)| hand);
        if let Some(hand) = by.into_iter().find(|hand| is_same(hand, context)) {
            return Err(refusal(*first, decided, hand, context));
        }
    }
    Ok(())
}

/// What a pair of acts is about: the line of an invoice where the stream is a whole month.
fn thing(command: &Command) -> Cow<'_, str> {
    let line = match command {
        Command::CreditInvoice(credit) => &credit.subscription,
        Command::RecordRefund(refund) => &refund.subscription,
        _ => return command.stream().into(),
    };
    format!("{}/{line}", command.stream()).into()
}

/// Whether who asks may be the one who filed.
fn is_same(filer: &Hand, context: &Context<'_>) -> bool {
    match (filer, &context.actor.person) {
        (Hand::Person(filer), Some(person)) => filer == person,
        (Hand::Person(_), None) => true,
        (Hand::Nobody(_), Some(_)) => false,
        (Hand::Nobody(party), None) => *party == context.actor.party,
    }
}

fn refusal(first: Act, decided: Act, filer: &Hand, context: &Context<'_>) -> Refusal {
    let (message, remedy) = match filer {
        Hand::Person(_) => (
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
        ),
        Hand::Nobody(_) => (
            Text::new(
                format!(
                    "“{}”与“{}”均由本单位以接口密钥办理，无从证明由不同人员办理",
                    decided.zh(),
                    first.zh()
                ),
                format!(
                    "one party does both `{}` and `{}` by a key, and nothing shows that two people did",
                    first.id(),
                    decided.id()
                ),
            ),
            Text::new(
                "请由本单位人员登录后办理；设岗并任职后，由各岗位人员分别办理",
                "let a person of the party sign in and do it; with posts (`post.create`, `post.appoint`) each act has its person",
            ),
        ),
    };
    context.rules.refuse(Rule::FourEyes, message, remedy)
}

/// What is remembered of who acts, where a pack keeps what he did apart from what follows; and that nobody did, where
/// either act of a pair was done by a key.
pub(crate) fn filing(command: &Command, context: &Context<'_>) -> Option<Event> {
    let act = command.act();
    let mut pairs = context.rules.parameters().four_eyes.iter();
    let stream = || format!("{}{}", Filing::STREAM, thing(command));
    let event = match &context.actor.person {
        Some(by) => pairs.any(|(first, _)| *first == act).then(|| {
            PostEvent::Filed(Filing {
                stream: stream(),
                act,
                by: by.clone(),
            })
        }),
        None => pairs.any(|(first, second)| [*first, *second].contains(&act)).then(|| {
            PostEvent::Unattended(Unattended {
                stream: stream(),
                act,
                party: context.actor.party.clone(),
            })
        }),
    };
    event.map(Event::Post)
}
