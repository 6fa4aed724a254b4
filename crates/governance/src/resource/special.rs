//! Data that enters authorized operation only with more than its provider's word: core data never, important data with its
//! approval, data from another department with that department's consent (43697; 27号).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Resource;
use super::change::{ResourceEvent, check_not_withdrawn};
use crate::Context;
use crate::event::Event;
use crate::identifier::ResourceId;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::{Text, is_sha256};

/// What an approval is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClearanceKind {
    /// That important data is authorized.
    ImportantData,
    /// That the department it came from agrees.
    SharedSource,
}

/// Puts an approval on record that a resource needs before it is authorized.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecordClearance {
    /// The resource.
    pub resource: ResourceId,
    /// What for.
    pub clearance: ClearanceKind,
    /// Which approval it is: for important data one that the rule pack names.
    pub approval: String,
    /// Who gave it.
    pub authority: String,
    /// SHA-256 of the document.
    pub document_sha256: String,
}

/// An approval on record.
pub type Clearance = RecordClearance;

/// Decides it.
///
/// # Errors
/// Refuses one for a withdrawn resource, of the same kind again, without authority or document, and for important data one
/// that the pack does not name.
pub(crate) fn decide_clear(
    state: &State,
    command: &RecordClearance,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let resource = state.resource(&command.resource, context)?;
    check_not_withdrawn(resource, context)?;
    if resource.cleared(command.clearance).is_some() {
        return Err(context.rules.refuse(
            Rule::Duplicate,
            Text::new("该项批准已登记", "this approval is on record"),
            Text::new("无需重复登记", "there is nothing to do"),
        ));
    }
    context.rules.said(&command.authority, ("批准单位", "authority"))?;
    let named = &context.rules.parameters().important_approvals;
    let fits = command.clearance != ClearanceKind::ImportantData || named.contains(&command.approval);
    if fits && !command.approval.trim().is_empty() && is_sha256(&command.document_sha256) {
        return Ok(vec![Event::Resource(ResourceEvent::Cleared(command.clone()))]);
    }
    let names = named.iter().cloned().collect::<Vec<_>>().join("、");
    let (rule, parameter) = match command.clearance {
        ClearanceKind::ImportantData if !fits => (Rule::SpecialData, "approvals"),
        ClearanceKind::ImportantData => (Rule::SpecialData, ""),
        ClearanceKind::SharedSource => (Rule::SharedSource, ""),
    };
    Err(context.rules.refuse_by(
        rule,
        parameter,
        Text::new(
            "批准文件不全，或不是规则包列明的批准",
            "the approval has no name or document, or is none that the pack names",
        ),
        Text::new(
            format!("请填写批准名称和文件的 SHA-256；重要数据须为：{names}"),
            format!("give its name and the SHA-256 of its document; for important data: {names}"),
        ),
    ))
}

/// A resource may be authorized.
///
/// # Errors
/// Refuses a withdrawn one, core data, and what lacks an approval that it needs.
pub(crate) fn check_authorizable(resource: &Resource, context: &Context<'_>) -> Result<(), Refusal> {
    check_not_withdrawn(resource, context)?;
    let registration = &resource.registration;
    let name = &registration.name;
    if registration.core {
        return Err(context.rules.refuse(
            Rule::SpecialData,
            Text::new(
                format!("资源“{name}”为核心数据，不得授权运营"),
                format!("the resource `{name}` is core data and is not authorized"),
            ),
            Text::new(
                "请从协议或场景中移除该资源",
                "leave it out of the agreement or scenario",
            ),
        ));
    }
    if registration.important && resource.cleared(ClearanceKind::ImportantData).is_none() {
        return Err(context.rules.refuse(
            Rule::SpecialData,
            Text::new(
                format!("资源“{name}”为重要数据，未登记专项批准"),
                format!("the resource `{name}` is important data, and its approval is not on record"),
            ),
            Text::new(
                "请数源单位先登记批准文件",
                "let its provider put the approval on record (`resource.clear`)",
            ),
        ));
    }
    if let (Some(department), None) = (&registration.shared_from, resource.cleared(ClearanceKind::SharedSource)) {
        return Err(context.rules.refuse(
            Rule::SharedSource,
            Text::new(
                format!("资源“{name}”由“{department}”共享取得，未登记其同意"),
                format!("the resource `{name}` was shared by `{department}`, whose consent is not on record"),
            ),
            Text::new(
                "请数源单位先登记来源单位的同意",
                "let its provider put that consent on record (`resource.clear`)",
            ),
        ));
    }
    Ok(())
}

impl Resource {
    /// The approval of this kind on record.
    #[must_use]
    pub fn cleared(&self, kind: ClearanceKind) -> Option<&Clearance> {
        self.clearances.iter().find(|clearance| clearance.clearance == kind)
    }
}
