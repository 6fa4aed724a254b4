//! Data that enters authorized operation only with more than its provider's word: core data never, important data with its
//! approval, data from another department with that department's consent (43697; 27号).
//!
//! An approval may have a last day, and whoever gave it may take it back. From then on nothing is used of the resource, and
//! nothing new rests on it, until another is on record. One that follows may be recorded before the first has ended.

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Resource;
use super::change::{ResourceEvent, check_not_withdrawn};
use crate::Context;
use crate::calendar::{day_of, start_of};
use crate::event::Event;
use crate::identifier::ResourceId;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::service::Stop;
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
    /// The last day on which it holds; none where it names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<crate::schema::Day>")]
    pub until: Option<Date>,
}

/// Puts on record that whoever gave an approval has taken it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WithdrawClearance {
    /// The resource.
    pub resource: ResourceId,
    /// What the approval was for.
    pub clearance: ClearanceKind,
    /// Why.
    pub reason: String,
    /// SHA-256 of the document by which it was taken back.
    pub document_sha256: String,
}

/// An approval on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Clearance {
    /// What it says.
    #[serde(flatten)]
    pub of: RecordClearance,
    /// When it came on record.
    #[schemars(with = "crate::schema::Instant")]
    pub at: Timestamp,
    /// When and why it was taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<WithdrawnClearance>,
}

/// When and why an approval was taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WithdrawnClearance {
    /// Since when.
    #[schemars(with = "crate::schema::Instant")]
    pub at: Timestamp,
    /// Why.
    pub reason: String,
    /// SHA-256 of the document.
    pub document_sha256: String,
}

impl Clearance {
    /// Whether it holds on a day that is today or later.
    fn holds(&self, day: Date) -> bool {
        self.withdrawn.is_none() && self.of.until.is_none_or(|until| day <= until)
    }

    /// When it stopped holding, or will.
    fn end(&self) -> Option<Timestamp> {
        let term = self
            .of
            .until
            .map(|until| start_of(until.saturating_add(jiff::Span::new().days(1))));
        let withdrawn = self.withdrawn.as_ref().map(|it| it.at);
        term.into_iter().chain(withdrawn).min()
    }
}

/// Decides it.
///
/// # Errors
/// Refuses one for a withdrawn resource, one that holds no longer than what is on record or has ended, without authority or
/// document, and for important data one that the pack does not name.
pub(crate) fn decide_clear(
    state: &State,
    command: &RecordClearance,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let resource = state.resource(&command.resource, context)?;
    check_not_withdrawn(resource, context)?;
    let today = day_of(context.at);
    let lasting = resource.cleared(command.clearance, today).map(|there| there.of.until);
    let longer = match (lasting, command.until) {
        (None, _) | (Some(Some(_)), None) => true,
        (Some(None), _) => false,
        (Some(Some(there)), Some(until)) => there < until,
    };
    if !longer {
        return Err(context.rules.refuse(
            Rule::Duplicate,
            Text::new("该项批准已登记", "this approval is on record"),
            Text::new("无需重复登记", "there is nothing to do"),
        ));
    }
    context.rules.said(&command.authority, ("批准单位", "authority"))?;
    if let Some(until) = command.until.filter(|until| *until < today) {
        return Err(context.rules.refuse(
            rule_of(command.clearance),
            Text::new(
                format!("该批准已于 {until} 届满"),
                format!("this approval has ended on {until}"),
            ),
            Text::new("请登记在有效期内的批准", "put one on record that still holds"),
        ));
    }
    let named = &context.rules.parameters().important_approvals;
    let fits = command.clearance != ClearanceKind::ImportantData || named.contains(&command.approval);
    if fits && !command.approval.trim().is_empty() && is_sha256(&command.document_sha256) {
        return Ok(vec![Event::Resource(ResourceEvent::Cleared(command.clone()))]);
    }
    let names = named.iter().cloned().collect::<Vec<_>>().join("、");
    Err(context.rules.refuse_by(
        rule_of(command.clearance),
        if fits { "" } else { "approvals" },
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

/// The rule that asks for an approval.
fn rule_of(kind: ClearanceKind) -> Rule {
    match kind {
        ClearanceKind::ImportantData => Rule::SpecialData,
        ClearanceKind::SharedSource => Rule::SharedSource,
    }
}

/// Decides a withdrawal.
///
/// # Errors
/// Refuses it where no approval of the kind holds, without a reason, and without the document.
pub(crate) fn decide_withdraw_clearance(
    state: &State,
    command: &WithdrawClearance,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let resource = state.resource(&command.resource, context)?;
    context.rules.said(&command.reason, ("撤销理由", "reason"))?;
    if resource.cleared(command.clearance, day_of(context.at)).is_none() {
        return Err(context.rules.wrong_state(
            Text::new("没有在有效期内的该项批准", "no approval of this kind holds"),
            Text::new("无需撤销", "there is nothing to withdraw"),
        ));
    }
    if is_sha256(&command.document_sha256) {
        return Ok(vec![Event::Resource(ResourceEvent::ClearanceWithdrawn(
            command.clone(),
        ))]);
    }
    Err(context.rules.refuse(
        rule_of(command.clearance),
        Text::new(
            "未附撤销批准的文件",
            "the document by which the approval is taken back is missing",
        ),
        Text::new("请附该文件的 SHA-256", "give its SHA-256"),
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
    check_not_ended(resource, context)?;
    let today = day_of(context.at);
    if registration.important && resource.cleared(ClearanceKind::ImportantData, today).is_none() {
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
    if let (Some(department), None) = (
        &registration.shared_from,
        resource.cleared(ClearanceKind::SharedSource, today),
    ) {
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

/// What an approval of the resource has carried is not used once no approval holds any more. What never had one is decided by
/// whoever authorizes it, and was so before approvals ended.
///
/// # Errors
/// Names the approval that has ended.
pub(crate) fn check_not_ended(resource: &Resource, context: &Context<'_>) -> Result<(), Refusal> {
    let today = day_of(context.at);
    let mut needed = resource.needed().into_iter();
    let ended = needed.find_map(|kind| {
        let last = resource.clearances.iter().rfind(|it| it.of.clearance == kind)?;
        resource.cleared(kind, today).is_none().then_some((kind, last))
    });
    let Some((kind, last)) = ended else { return Ok(()) };
    let (name, approval) = (&resource.registration.name, &last.of.approval);
    let (day, zh, en) = match &last.withdrawn {
        Some(withdrawn) => (day_of(withdrawn.at), "被撤销", "was taken back"),
        None => (last.of.until.unwrap_or(today), "届满", "ended"),
    };
    Err(context.rules.refuse(
        rule_of(kind),
        Text::new(
            format!("资源“{name}”的“{approval}”已于 {day} {zh}，不得继续使用"),
            format!("`{approval}` of the resource `{name}` {en} on {day}; it is not used any more"),
        ),
        Text::new(
            "请数源单位重新取得并登记批准，或从场景中移除该资源",
            "let its provider obtain another and put it on record (`resource.clear`), or narrow the scenario to leave it out (`scenario.narrow`)",
        ),
    ))
}

impl Resource {
    /// The approvals that it needs.
    fn needed(&self) -> Vec<ClearanceKind> {
        let registration = &self.registration;
        let important = registration.important.then_some(ClearanceKind::ImportantData);
        let shared = registration.shared_from.as_ref().map(|_| ClearanceKind::SharedSource);
        important.into_iter().chain(shared).collect()
    }

    /// The approval of this kind that holds on a day, today or later: of several that which holds longest.
    #[must_use]
    pub fn cleared(&self, kind: ClearanceKind, day: Date) -> Option<&Clearance> {
        let holding = self
            .clearances
            .iter()
            .filter(|it| it.of.clearance == kind && it.holds(day));
        holding.max_by_key(|it| it.of.until.unwrap_or(Date::MAX))
    }

    /// When approvals that it needs had ended, until the next was on record; of an end that is to come as well.
    #[must_use]
    pub fn uncleared(&self) -> Vec<Stop> {
        let stops = |kind| {
            let mut stops = Vec::new();
            let mut reach: Option<Timestamp> = None;
            for clearance in self.clearances.iter().filter(|it| it.of.clearance == kind) {
                if let Some(from) = reach.filter(|from| *from < clearance.at) {
                    let until = Some(clearance.at);
                    stops.push(Stop { from, until });
                }
                let end = clearance.end().unwrap_or(Timestamp::MAX);
                reach = Some(reach.map_or(end, |reach| reach.max(end)));
            }
            let last = reach.filter(|reach| *reach < Timestamp::MAX);
            stops.extend(last.map(|from| Stop { from, until: None }));
            stops
        };
        self.needed().into_iter().flat_map(stops).collect()
    }

    /// An approval comes on record.
    pub(super) fn clear(&mut self, clearance: &RecordClearance, at: Timestamp) {
        self.clearances.push(Clearance {
            of: clearance.clone(),
            at,
            withdrawn: None,
        });
    }

    /// What was approved of this kind is taken back.
    pub(super) fn withdraw_clearance(&mut self, withdrawal: &WithdrawClearance, at: Timestamp) {
        let of_kind = self.clearances.iter_mut();
        for clearance in of_kind.filter(|it| it.of.clearance == withdrawal.clearance && it.holds(day_of(at))) {
            clearance.withdrawn = Some(WithdrawnClearance {
                at,
                reason: withdrawal.reason.clone(),
                document_sha256: withdrawal.document_sha256.clone(),
            });
        }
    }
}
