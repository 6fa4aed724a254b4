//! Four eyes: nobody decides on what he filed (行政事业单位内部控制规范, 第十二条: 不相容岗位相互分离).
//!
//! Which acts are kept apart is data of the packs. Both acts of a pair are on one thing. A party without posts may act
//! by a key; the record then says that nobody stood behind the act, and two such acts of one party are no four eyes.
//!
//! A reversal is the second act of whichever recorded what it reverses: a pack names `books.payment>books.reverse` and
//! `books.payout>books.reverse` apart. Who recorded a line before a pack named the pair stands on record in the ledger
//! alone, and is kept apart from its reversal by nobody.

use std::borrow::Cow;
use std::collections::BTreeSet;

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
    let pairs = context.rules.parameters().four_eyes.iter();
    for pair in pairs.filter(|(first, second)| *second == decided && follows(command, *first)) {
        let filed = state.filed.get(&*thing(state, command, *pair));
        let mut filed = filed.iter().flat_map(|filed| filed.iter());
        if let Some((first, hand)) = filed.find(|(act, hand)| *act == pair.0 && is_same(hand, context)) {
            return Err(refusal(*first, decided, hand, context));
        }
    }
    Ok(())
}

/// Whether the command is about what this act filed: a reversal is about the act that recorded the entry, and no other.
fn follows(command: &Command, first: Act) -> bool {
    match command {
        Command::ReverseEntry(reverse) => reverse.kind.act() == first,
        _ => true,
    }
}

/// What a pair of acts is about: the line of an invoice, or a party's share, where the stream is a whole month.
fn thing<'c>(state: &State, command: &'c Command, (_, second): (Act, Act)) -> Cow<'c, str> {
    let reverses = second == Act::ReverseEntry;
    let line = match command {
        Command::CreditInvoice(credit) => Some(credit.subscription.as_str()),
        Command::RecordRefund(refund) => Some(refund.subscription.as_str()),
        Command::RecordPayment(payment) if reverses => Some(payment.subscription.as_str()),
        Command::PayOut(payout) if reverses => Some(payout.party.as_str()),
        Command::ReturnShare(share) if reverses => Some(share.party.as_str()),
        Command::ReverseEntry(reverse) => reverse.line(state),
        _ => None,
    };
    match line {
        Some(line) => format!("{}/{line}", command.stream()).into(),
        None => command.stream().into(),
    }
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
/// either act of a pair was done by a key. Once of each thing that the pairs are about.
pub(crate) fn filings(state: &State, command: &Command, context: &Context<'_>) -> Vec<Event> {
    let act = command.act();
    let pairs = context.rules.parameters().four_eyes.iter();
    let person = context.actor.person.as_ref();
    let kept = pairs.filter(|(first, second)| {
        let follows = *second == act && follows(command, *first);
        *first == act || (person.is_none() && follows)
    });
    let things: BTreeSet<Cow<'_, str>> = kept.map(|pair| thing(state, command, *pair)).collect();
    let filing = |thing: Cow<'_, str>| {
        let stream = format!("{}{thing}", Filing::STREAM);
        Event::Post(match person {
            Some(by) => PostEvent::Filed(Filing {
                stream,
                act,
                by: by.clone(),
            }),
            None => PostEvent::Unattended(Unattended {
                stream,
                act,
                party: context.actor.party.clone(),
            }),
        })
    };
    things.into_iter().map(filing).collect()
}
