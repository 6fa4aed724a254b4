//! Sessions of people.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Signs in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SignIn {
    /// Login name.
    pub login: String,
    /// Password.
    pub password: String,
}

/// Who is signed in, and what the party may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Session {
    /// Id of the person.
    pub person: String,
    /// Login name.
    pub login: String,
    /// Name of the person.
    pub name: String,
    /// The party.
    pub party: SessionParty,
    /// Acts that the party's role may ever do.
    pub acts: Vec<String>,
}

/// The party of a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SessionParty {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its role.
    pub role: String,
    /// Its own code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}
