//! Machine credentials: API keys, known here only by their hash.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Context;
use crate::event::Event;
use crate::identifier::{CredentialId, PartyId};
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

/// An API key of a party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Credential {
    /// Its id.
    pub id: CredentialId,
    /// Whose it is.
    pub party: PartyId,
    /// SHA-256 of the key, lower-case hex. The key has 256 random bits, so a plain hash suffices.
    pub key_hash: String,
    /// What it is for, in the owner's words.
    pub label: String,
}

/// Issues a credential.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct IssueCredential {
    /// The credential.
    pub credential: Credential,
}

/// Revokes a credential.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RevokeCredential {
    /// Which.
    pub credential: CredentialId,
}

/// Decides the issue of a credential.
///
/// # Errors
/// Refuses an unknown party or an id in use.
pub fn decide_issue(state: &State, command: &IssueCredential, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    state.present_party(&command.credential.party, context)?;
    if state.credentials.contains_key(&command.credential.id) {
        return Err(context.rules.refuse(
            Rule::Duplicate,
            Text::new("该密钥编号已存在", "a credential with this id exists"),
            Text::new("请重新签发", "issue it again"),
        ));
    }
    Ok(vec![Event::CredentialIssued(command.credential.clone())])
}

/// Decides the revocation of a credential.
///
/// # Errors
/// Refuses an unknown or already revoked credential.
pub fn decide_revoke(state: &State, command: &RevokeCredential, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let id = &state.credential(&command.credential, context)?.id;
    Ok(vec![Event::CredentialRevoked { credential: id.clone() }])
}
