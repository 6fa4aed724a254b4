//! The document of a path is put on record, and ends.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{BorderEvent, ExportPath};
use crate::Context;
use crate::calendar::{Term, day_of};
use crate::event::Event;
use crate::identifier::{AgreementId, ExportId, PartyId};
use crate::party::Role;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::{Text, is_sha256};

/// Puts the document on record by which an operator may provide information abroad to a consumer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecordExport {
    /// Its id.
    pub id: ExportId,
    /// The agreement under which the operator provides.
    pub agreement: AgreementId,
    /// The consumer that receives, or the partner.
    pub consumer: PartyId,
    /// Which path.
    pub path: ExportPath,
    /// Number of the document, as the authority or the filing gives it.
    pub document_number: String,
    /// SHA-256 of the document, lower-case hex.
    pub document_sha256: String,
    /// From when until when it is valid.
    pub term: Term,
    /// Whether the receiver may pass on what it receives to others outside the Greater Bay Area.
    #[serde(default)]
    pub passed_on: bool,
}

/// Ends the validity of such a document, at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EndExport {
    /// Which.
    pub export: ExportId,
    /// Why.
    pub reason: String,
}

/// Decides that a document goes on record.
///
/// # Errors
/// Refuses one without number or file, of a term that is over or longer than the path allows, for a party that is neither
/// consumer nor partner, and a Greater Bay Area contract with a receiver outside it or that passes on outside it.
pub fn decide_record(state: &State, command: &RecordExport, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    state.agreement(&command.agreement, context)?;
    let consumer = state.present_party(&command.consumer, context)?;
    if state.exports.contains_key(&command.id) {
        return Err(context.rules.refuse(
            Rule::Duplicate,
            Text::new("该文件已登记", "this document is on record"),
            Text::new("无需重复登记", "there is nothing to do"),
        ));
    }
    context
        .rules
        .said(&command.document_number, ("文号", "number of the document"))?;
    if !matches!(consumer.role, Role::Consumer | Role::Partner) || !is_sha256(&command.document_sha256) {
        return Err(context.rules.input(
            Text::new(
                "接收方不是数据使用方或合作方，或未附文件的 SHA-256",
                "the receiver is neither consumer nor partner, or the SHA-256 of the document is missing",
            ),
            Text::new("请核对接收方和文件摘要", "check the receiver and the digest"),
        ));
    }
    check_term(command, context)?;
    let bay_area = command.path == ExportPath::BayAreaContract;
    if bay_area && (!consumer.region.is_in_bay_area() || command.passed_on) {
        return Err(context.rules.refuse(
            Rule::ExportDocument,
            Text::new(
                "大湾区标准合同的接收方须在大湾区内，且不得向区外再提供",
                "a Greater Bay Area contract is with a receiver in the area, who passes nothing on outside it",
            ),
            Text::new(
                "请改用标准合同、认证或安全评估",
                "use the standard contract, a certification or an assessment",
            ),
        ));
    }
    Ok(vec![Event::Border(BorderEvent::Recorded(Box::new(command.clone())))])
}

fn check_term(command: &RecordExport, context: &Context<'_>) -> Result<(), Refusal> {
    let years = context.rules.parameters().export.assessment_years;
    let (term, today) = (&command.term, day_of(context.at));
    let too_long = command.path == ExportPath::Assessment && term.exceeds_years(years);
    if term.from <= term.until && today <= term.until && !too_long {
        return Ok(());
    }
    Err(context.rules.refuse(
        Rule::ExportDocument,
        Text::new(
            format!("有效期 {} 至 {} 已满、颠倒或过长", term.from, term.until),
            format!(
                "the term from {} to {} is over, reversed or too long",
                term.from, term.until
            ),
        ),
        Text::new(
            format!("请按文件填写；安全评估结果有效期为 {years} 年，期满前重新申报"),
            format!("give the document's own; an assessment is valid for {years} years and then made anew"),
        ),
    ))
}

/// Decides that a document is valid no longer: every call that needs it is refused from then on.
///
/// # Errors
/// Refuses one that has ended, and an end without a reason.
pub fn decide_end(state: &State, command: &EndExport, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let export = state.export(&command.export, context)?;
    context.rules.said(&command.reason, ("终止理由", "reason"))?;
    if export.ended.is_some() {
        return Err(context.rules.wrong_state(
            Text::new("该文件已终止", "this document has ended"),
            Text::new("无需重复办理", "there is nothing to do"),
        ));
    }
    Ok(vec![Event::Border(BorderEvent::Ended(command.clone()))])
}
