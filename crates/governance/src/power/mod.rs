//! Powers: which role may do which act, decided by Cedar policies.

mod act;

use std::collections::{HashMap, HashSet};
use std::str::FromStr;

use cedar_policy::{
    ActionConstraint, Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid, PolicySet,
    Request, RestrictedExpression,
};

pub use act::Act;

use crate::identifier::PartyId;
use crate::party::Role;

const POLICIES: &str = include_str!("policies.cedar");

/// The policies, ready to be asked.
#[derive(Debug)]
pub struct Powers {
    /// Of each act those that name it. No other can decide about it, and looking through all their lists took most of the
    /// time of a decision.
    policies: HashMap<Act, PolicySet>,
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
        let all = PolicySet::from_str(POLICIES).map_err(|e| error(&e))?;
        let act_type = name("Action")?;
        let of_act = |act: &Act| Ok((*act, naming(&all, &uid(&act_type, act.id()))?));
        let policies = Act::ALL.iter().map(of_act).collect::<Result<_, PolicyError>>()?;
        let mut powers = Self {
            policies,
            authorizer: Authorizer::new(),
            party_type: name("Party")?,
            act_type,
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
        let policies = self.policies.get(&act)?;
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
        let answer = self.authorizer.is_authorized(&request, policies, &entities);
        let clean = answer.diagnostics().errors().next().is_none();
        Some(clean && answer.decision() == Decision::Allow)
    }
}

fn uid(kind: &EntityTypeName, id: &str) -> EntityUid {
    EntityUid::from_type_name_and_id(kind.clone(), EntityId::new(id))
}

/// The policies that name an act, or no act at all.
fn naming(all: &PolicySet, act: &EntityUid) -> Result<PolicySet, PolicyError> {
    let names = |constraint: ActionConstraint| match constraint {
        ActionConstraint::Any => true,
        ActionConstraint::Eq(one) => one == *act,
        ActionConstraint::In(some) => some.contains(act),
    };
    let named = all.policies().filter(|policy| names(policy.action_constraint()));
    PolicySet::from_policies(named.cloned()).map_err(|error| PolicyError(error.to_string()))
}
