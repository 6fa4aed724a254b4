//! Posts, delegations and the people of a party.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Named, Text};

/// A post of a party: what its holders may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Post {
    /// Its id.
    pub id: String,
    /// Whose post it is.
    pub party: Named,
    /// Its name.
    pub name: String,
    /// The acts it carries.
    pub acts: Vec<NamedAct>,
    /// Who holds or held it, oldest first.
    pub holders: Vec<PostHolder>,
    /// What was delegated from it, oldest first.
    pub delegations: Vec<Delegation>,
    /// Whether it is closed.
    pub closed: bool,
    /// Revision, for `If-Match`.
    pub revision: u64,
}

/// An act with its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NamedAct {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Text,
}

/// A person's time on a post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PostHolder {
    /// Who.
    pub person: Named,
    /// First day.
    pub from: String,
    /// Last day; none where it is open.
    pub until: Option<String>,
    /// When the person was dismissed.
    pub dismissed: Option<String>,
    /// Whether the person holds the post today.
    pub holds: bool,
}

/// What a holder of a post has another person do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Delegation {
    /// Its id.
    pub id: String,
    /// Id of the person who gave it.
    pub by: String,
    /// Who acts.
    pub to: Named,
    /// Which acts.
    pub acts: Vec<NamedAct>,
    /// On which things, by their ids; on all where none is named.
    pub things: Vec<String>,
    /// First day.
    pub from: String,
    /// Last day.
    pub until: String,
    /// Why.
    pub reason: String,
    /// Whether it holds today.
    pub in_force: bool,
    /// Revision, for `If-Match`.
    pub revision: u64,
}

/// A person who has an account with one's own party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Person {
    /// The person's id.
    pub id: String,
    /// The person's name.
    pub name: String,
    /// The login.
    pub login: String,
}
