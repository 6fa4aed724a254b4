//! Posts (岗位): which of a party's people may do which of its acts, for how long, and who does them for whom
//! (行政事业单位内部控制规范, 第十二条).
//!
//! ```text
//! Post ─appoint─► held from … until ─dismiss─► not held        Delegation: from … until ─revoke─► over
//!   └─close─► Closed: nobody holds it any more                   (over with the giver's post as well)
//! ```
//!
//! A party without posts acts as before, whoever of its people acts. From its first post on, a person does what a post
//! of his carries, or what has been delegated to him.

mod appoint;
mod check;
mod create;
mod delegate;
mod eyes;

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use appoint::{AppointPerson, DismissPerson, decide_appoint, decide_dismiss};
pub use check::acts_of_person;
pub(crate) use check::{check_post, check_post_of_call};
pub use create::{ClosePost, CreatePost, decide_close, decide_create};
pub use delegate::{Delegate, RevokeDelegation, decide_delegate, decide_revoke};
pub(crate) use eyes::{check_four_eyes, filings};

use crate::event::Moment;
use crate::identifier::{DelegationId, PartyId, PersonId, PostId};
use crate::power::Act;
use crate::state::{State, change};

/// A post on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// What it is.
    pub of: CreatePost,
    /// Who holds or held it, oldest first.
    pub holders: Vec<Holder>,
    /// What was delegated from it.
    pub delegations: Vec<DelegationId>,
    /// Since when it is closed.
    pub closed: Option<Timestamp>,
    /// How many events changed it.
    pub revision: u64,
}

/// A person's time on a post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Who.
    pub person: PersonId,
    /// The person's name.
    pub name: String,
    /// First day.
    pub from: Date,
    /// Last day; none where it is open.
    pub until: Option<Date>,
    /// When he was dismissed.
    pub dismissed: Option<Timestamp>,
}

impl Holder {
    /// Whether he holds the post on this day.
    #[must_use]
    pub fn holds(&self, day: Date) -> bool {
        self.dismissed.is_none() && self.from <= day && self.until.is_none_or(|until| day <= until)
    }
}

impl Post {
    /// Who holds it on this day; nobody once it is closed.
    pub fn holders(&self, day: Date) -> impl Iterator<Item = &Holder> {
        let open = self.closed.is_none();
        self.holders.iter().filter(move |holder| open && holder.holds(day))
    }

    /// Whether this person holds it on this day.
    #[must_use]
    pub fn held_by(&self, person: &PersonId, day: Date) -> bool {
        self.holders(day).any(|holder| holder.person == *person)
    }
}

/// A delegation on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delegation {
    /// What is delegated.
    pub given: Delegate,
    /// Who gave it.
    pub by: PersonId,
    /// Since when it is revoked.
    pub revoked: Option<Timestamp>,
    /// How many events changed it.
    pub revision: u64,
}

impl Delegation {
    /// Whether it holds on this day: not revoked, in its term, and its giver still holds the post that carries it.
    #[must_use]
    pub fn in_force(&self, state: &State, day: Date) -> bool {
        let post = state.posts.get(&self.given.post);
        let term = self.given.from <= day && day <= self.given.until;
        self.revoked.is_none() && term && post.is_some_and(|post| post.held_by(&self.by, day))
    }

    /// Whether it reaches this act on this thing.
    #[must_use]
    pub fn reaches(&self, act: Act, thing: &str) -> bool {
        self.given.acts.contains(&act) && (self.given.things.is_empty() || self.given.things.contains(thing))
    }
}

/// Who filed what: kept so that the same person does not decide on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filing {
    /// `filed/` and the stream of what was filed. A stream of its own: a thing's revision counts what changes the thing.
    pub stream: String,
    /// What was done.
    pub act: Act,
    /// By whom.
    pub by: PersonId,
}

impl Filing {
    const STREAM: &'static str = "filed/";
}

/// An act of a pair that is kept apart, done by a key: no person stood behind it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unattended {
    /// As that of a [`Filing`].
    pub stream: String,
    /// What was done.
    pub act: Act,
    /// Whose key it was.
    pub party: PartyId,
}

/// Whose hand an act was.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hand {
    /// A person's, who had signed in.
    Person(PersonId),
    /// No person's: a key of this party.
    Nobody(PartyId),
}

/// Who filed what of one thing.
pub type Filed = BTreeSet<(Act, Hand)>;

/// What happens to posts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "step", content = "with")]
#[expect(missing_docs, reason = "the fields of an event are the fields of its command")]
pub enum PostEvent {
    /// A post is there.
    Created(CreatePost),
    /// It is closed.
    Closed(ClosePost),
    /// A person holds it.
    Appointed(AppointPerson),
    /// A person no longer does.
    Dismissed(DismissPerson),
    /// A holder has others act for him.
    Delegated { given: Delegate, by: PersonId },
    /// No longer.
    Revoked(RevokeDelegation),
    /// A person has filed something.
    Filed(Filing),
    /// Something was filed or decided by a key.
    Unattended(Unattended),
}

impl PostEvent {
    /// The stream of the event.
    #[must_use]
    pub fn stream(&self) -> &str {
        match self {
            Self::Created(post) => post.id.as_str(),
            Self::Closed(closed) => closed.post.as_str(),
            Self::Appointed(appointed) => appointed.post.as_str(),
            Self::Dismissed(dismissed) => dismissed.post.as_str(),
            Self::Delegated { given, .. } => given.id.as_str(),
            Self::Revoked(revoked) => revoked.delegation.as_str(),
            Self::Filed(filing) => &filing.stream,
            Self::Unattended(act) => &act.stream,
        }
    }
}

pub(crate) fn evolve(state: &mut State, event: &PostEvent, moment: Moment, revision: u64) {
    match event {
        PostEvent::Created(of) => created(state, of, revision),
        PostEvent::Closed(closed) => changed(state, &closed.post, revision, |post| post.closed = Some(moment.at)),
        PostEvent::Appointed(appointed) => changed(state, &appointed.post, revision, |post| {
            post.holders.push(Holder {
                person: appointed.person.clone(),
                name: appointed.name.clone(),
                from: appointed.from,
                until: appointed.until,
                dismissed: None,
            });
        }),
        PostEvent::Dismissed(dismissed) => changed(state, &dismissed.post, revision, |post| {
            let of_person = |holder: &&mut Holder| holder.person == dismissed.person && holder.dismissed.is_none();
            for holder in post.holders.iter_mut().filter(of_person) {
                holder.dismissed = Some(moment.at);
            }
        }),
        PostEvent::Delegated { given, by } => {
            let delegation = Delegation {
                given: given.clone(),
                by: by.clone(),
                revoked: None,
                revision,
            };
            state.delegations.insert_mut(given.id.clone(), Arc::new(delegation));
            change(&mut state.posts, &given.post, |post| {
                post.delegations.push(given.id.clone());
            });
        }
        PostEvent::Revoked(revoked) => change(&mut state.delegations, &revoked.delegation, |delegation| {
            delegation.revoked = Some(moment.at);
            delegation.revision = revision;
        }),
        PostEvent::Filed(Filing { stream, act, by }) => filed(state, stream, *act, Hand::Person(by.clone())),
        PostEvent::Unattended(Unattended { stream, act, party }) => {
            filed(state, stream, *act, Hand::Nobody(party.clone()));
        }
    }
}

fn created(state: &mut State, of: &CreatePost, revision: u64) {
    let post = Post {
        of: of.clone(),
        holders: Vec::new(),
        delegations: Vec::new(),
        closed: None,
        revision,
    };
    let mut posts = state
        .posts_by_party
        .get(&of.party)
        .map_or_else(Vec::new, |posts| (**posts).clone());
    posts.push(of.id.clone());
    state.posts_by_party.insert_mut(of.party.clone(), Arc::new(posts));
    state.posts.insert_mut(of.id.clone(), Arc::new(post));
}

fn changed(state: &mut State, id: &PostId, revision: u64, edit: impl FnOnce(&mut Post)) {
    change(&mut state.posts, id, |post| {
        edit(post);
        post.revision = revision;
    });
}

/// What was filed of a thing is over, and whoever filed it may decide on what follows.
pub(crate) fn forget_filed(state: &mut State, thing: &str, act: Act) {
    let Some(filed) = state.filed.get(thing) else {
        return;
    };
    let left: Filed = filed.iter().filter(|(of, _)| *of != act).cloned().collect();
    if left.is_empty() {
        state.filed.remove_mut(thing);
    } else {
        state.filed.insert_mut(thing.to_owned(), Arc::new(left));
    }
}

fn filed(state: &mut State, stream: &str, act: Act, by: Hand) {
    let thing = stream.strip_prefix(Filing::STREAM).unwrap_or(stream);
    let filed = state.filed.get(thing);
    let mut filed = filed.map_or_else(Filed::new, |filed| (**filed).clone());
    filed.insert((act, by));
    state.filed.insert_mut(thing.to_owned(), Arc::new(filed));
}
