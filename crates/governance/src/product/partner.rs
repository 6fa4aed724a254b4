//! Partners: engaged by the operator for named scenarios, with joint liability (论证 7, 21).

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Context;
use crate::event::Event;
use crate::identifier::{EngagementId, PartyId, ScenarioId};
use crate::party::Role;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

/// An engagement on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Engagement {
    /// Its id.
    pub id: EngagementId,
    /// The partner.
    pub partner: PartyId,
    /// The scenarios it works in; all under the operator's own agreement.
    pub scenarios: BTreeSet<ScenarioId>,
    /// SHA-256 of the signed joint-liability data-security agreement, lower-case hex.
    pub joint_liability_sha256: String,
}

/// Engages a partner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EngagePartner {
    /// The engagement.
    pub engagement: Engagement,
}

/// Decides an engagement.
///
/// # Errors
/// Refuses a party that is not a partner, an engagement without its joint-liability agreement,
/// scenarios that are not the operator's.
pub fn decide_engage(state: &State, command: &EngagePartner, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let engagement = &command.engagement;
    let partner = state.present_party(&engagement.partner, context)?;
    let digest = &engagement.joint_liability_sha256;
    let signed = digest.len() == 64 && digest.chars().all(|c| c.is_ascii_hexdigit());
    if partner.role != Role::Partner || !signed {
        return Err(context.rules.refuse(
            Rule::Partner,
            Text::new(
                format!("引入 `{}` 需其为合作方，并附已签署的数据安全连带责任协议", partner.name),
                format!(
                    "`{}` must be a partner with a signed joint-liability agreement on record",
                    partner.name
                ),
            ),
            Text::new(
                "请上传协议并填写其 SHA-256 摘要",
                "sign the agreement and give its SHA-256",
            ),
        ));
    }
    if state.engagements.contains_key(&engagement.id) {
        return Err(context.rules.refuse(
            Rule::Duplicate,
            Text::new("该编号的引入已登记", "an engagement with this id is on record"),
            Text::new("无需重复登记", "there is nothing to do"),
        ));
    }
    if engagement.scenarios.is_empty() {
        return Err(context.rules.input(
            Text::new("未列明场景", "no scenario is named"),
            Text::new("请列明合作方参与的场景", "name the scenarios the partner works in"),
        ));
    }
    for scenario in &engagement.scenarios {
        check_own(state, scenario, context)?;
    }
    Ok(vec![Event::PartnerEngaged(engagement.clone())])
}

fn check_own(state: &State, scenario: &ScenarioId, context: &Context<'_>) -> Result<(), Refusal> {
    let of_agreement = state.scenario(scenario, context)?;
    of_agreement.check_open(context)?;
    let agreement = state.agreement(&of_agreement.application.agreement, context)?;
    if agreement.terms.operator == context.actor.party {
        return Ok(());
    }
    Err(context.rules.refuse(
        Rule::Partner,
        Text::new(
            format!("场景 `{scenario}` 不在本运营机构的授权之下"),
            format!("the scenario `{scenario}` is not under this operator's agreement"),
        ),
        Text::new(
            "只能就本机构的场景引入合作方",
            "engage partners for your own scenarios only",
        ),
    ))
}
