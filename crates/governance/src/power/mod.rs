//! Powers: which role may do which act, decided by Cedar policies.

mod act;

use std::collections::{HashMap, HashSet};
use std::str::FromStr;

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid, PolicySet, Request,
    RestrictedExpression,
};

pub use act::Act;

use crate::identifier::PartyId;
use crate::party::Role;

const POLICIES: &str = include_str!("policies.cedar");

/// The policies, ready to be asked.
#[derive(Debug)]
pub struct Powers {
    policies: PolicySet,
    authorizer: Authorizer,
    party_type: EntityTypeName,
    act_type: EntityTypeName,
    target_type: EntityTypeName,
    callers: HashSet<Role>,
}

/// The policies cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("the power policies cannot be read: {0}")]
pub struct PolicyError(String);

impl Powers {
    /// Reads the policies that come with the program.
    ///
    /// # Errors
    /// When they do not parse.
    pub fn load() -> Result<Self, PolicyError> {
        let error = |error: &dyn std::fmt::Display| PolicyError(error.to_string());
        let name = |text: &str| EntityTypeName::from_str(text).map_err(|e| error(&e));
        let mut powers = Self {
            policies: PolicySet::from_str(POLICIES).map_err(|e| error(&e))?,
            authorizer: Authorizer::new(),
            party_type: name("Party")?,
            act_type: name("Action")?,
            target_type: name("Target")?,
            callers: HashSet::new(),
        };
        let anyone = PartyId::new("anyone");
        let calls = |role: &Role| powers.allows(&anyone, *role, Act::CallProduct, None);
        powers.callers = Role::ALL.into_iter().filter(calls).collect();
        Ok(powers)
    }

    /// Whether parties in this role may call products. Asked once of the policies, since a call
    /// has no time for them.
    #[must_use]
    pub fn may_call(&self, role: Role) -> bool {
        self.callers.contains(&role)
    }

    /// Whether a party in this role may do the act to a thing of `owner`.
    ///
    /// A question that cannot be put is answered no.
    #[must_use]
    pub fn allows(&self, party: &PartyId, role: Role, act: Act, owner: Option<&PartyId>) -> bool {
        self.ask(party, role, act, owner).unwrap_or(false)
    }

    /// The acts a role may ever do, to its own things or to others'.
    #[must_use]
    pub fn acts_of(&self, party: &PartyId, role: Role) -> Vec<Act> {
        let may = |act: &Act| self.allows(party, role, *act, Some(party));
        Act::ALL.iter().copied().filter(may).collect()
    }

    fn ask(&self, party: &PartyId, role: Role, act: Act, owner: Option<&PartyId>) -> Option<bool> {
        let uid = |kind: &EntityTypeName, id: &str| EntityUid::from_type_name_and_id(kind.clone(), EntityId::new(id));
        let principal = uid(&self.party_type, party.as_str());
        let action = uid(&self.act_type, act.id());
        let target = uid(&self.target_type, "target");
        let role = RestrictedExpression::new_string(role.id().to_owned());
        let party_entity = Entity::new(
            principal.clone(),
            HashMap::from([("role".to_owned(), role)]),
            HashSet::new(),
        )
        .ok()?;
        let owner = uid(&self.party_type, owner.map_or("nobody", PartyId::as_str));
        let target_entity = Entity::new(
            target.clone(),
            HashMap::from([("owner".to_owned(), RestrictedExpression::new_entity_uid(owner))]),
            HashSet::new(),
        )
        .ok()?;
        let entities = Entities::from_entities([party_entity, target_entity], None).ok()?;
        let request = Request::new(principal, action, target, Context::empty(), None).ok()?;
        let answer = self.authorizer.is_authorized(&request, &self.policies, &entities);
        let clean = answer.diagnostics().errors().next().is_none();
        Some(clean && answer.decision() == Decision::Allow)
    }
}
