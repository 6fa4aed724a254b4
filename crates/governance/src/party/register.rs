//! Putting a party on record.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::role::Role;
use crate::Context;
use crate::border::Region;
use crate::event::Event;
use crate::identifier::{CreditCode, PartyId};
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

/// A party on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Party {
    /// Its id.
    pub id: PartyId,
    /// Its role.
    pub role: Role,
    /// Its name, as its licence or charter writes it.
    pub name: String,
    /// The code by which data speaks of it: a unified social credit code, or, for a natural
    /// person, an opaque reference.
    pub code: Option<String>,
    /// Where it is; what goes to one outside the mainland goes abroad.
    #[serde(default, skip_serializing_if = "Region::is_mainland")]
    pub region: Region,
}

/// Puts a party on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RegisterParty {
    /// The party.
    pub party: Party,
    /// Whether `code` is a unified social credit code and has to be valid.
    pub organization: bool,
}

/// Decides the registration of a party.
///
/// # Errors
/// Refuses a party without a name, an invalid or already registered code, an id in use.
pub fn decide_register(state: &State, command: &RegisterParty, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let party = &command.party;
    if party.name.trim().is_empty() {
        return Err(context.rules.input(
            Text::new("主体名称为空", "the party has no name"),
            Text::new("请填写执照或批文上的全称", "give its full name as on its licence"),
        ));
    }
    if command.organization {
        check_credit_code(party.code.as_deref().unwrap_or_default(), context)?;
    }
    if state.parties.contains_key(&party.id) {
        return Err(duplicate(context, party.id.as_str()));
    }
    let same_code = party
        .code
        .clone()
        .and_then(|code| state.party_by_code.get(&(party.role, code)));
    if let Some(other) = same_code.and_then(|id| state.parties.get(id)) {
        return Err(duplicate(context, &other.name));
    }
    Ok(vec![Event::PartyRegistered(party.clone())])
}

/// Refuses what is no unified social credit code.
pub(super) fn check_credit_code(code: &str, context: &Context<'_>) -> Result<(), Refusal> {
    CreditCode::parse(code).map(|_| ()).map_err(|error| {
        context.rules.refuse(
            Rule::PartyCode,
            Text::new(format!("统一社会信用代码 `{code}` 无效"), error.to_string()),
            Text::new("请按营业执照核对 18 位代码", "copy the 18 characters from the licence"),
        )
    })
}

fn duplicate(context: &Context<'_>, what: &str) -> Refusal {
    context.rules.refuse(
        Rule::Duplicate,
        Text::new(format!("`{what}` 已经登记"), format!("`{what}` is already on record")),
        Text::new("无需重复登记", "there is nothing to do"),
    )
}
