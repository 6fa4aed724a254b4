//! Who is the same legal person under another role: a party is on record once for each role, under one credit code.

use super::Party;
use crate::Context;
use crate::identifier::PartyId;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

impl Party {
    /// Whether both are one legal person: the codes are the same.
    #[must_use]
    pub fn is_same_person(&self, other: &Self) -> bool {
        let code = |party: &Self| party.code.as_deref().map(|code| code.trim().to_ascii_uppercase());
        code(self).is_some_and(|own| !own.is_empty() && code(other) == Some(own))
    }
}

/// Refuses the operator under another role where it would re-develop what it has delivered (27号).
///
/// # Errors
/// [`Rule::Redevelopment`].
pub(crate) fn check_not_operator(
    state: &State,
    party: &PartyId,
    operator: &PartyId,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    // Records of packs without the rule are decided as they were.
    if !context.rules.states(Rule::Redevelopment) {
        return Ok(());
    }
    let (party, operator) = (state.party(party, context)?, state.party(operator, context)?);
    if !party.is_same_person(operator) {
        return Ok(());
    }
    Err(context.rules.refuse(
        Rule::Redevelopment,
        Text::new(
            format!("“{}”与该授权范围的运营机构是同一主体", party.name),
            format!("`{}` and the operator of this scope are one legal person", party.name),
        ),
        Text::new(
            "请由其他主体订购或合作；运营机构自身开发的产品直接提交上架",
            "let another party subscribe or be engaged; what the operator develops itself it submits (`product.submit`)",
        ),
    ))
}
