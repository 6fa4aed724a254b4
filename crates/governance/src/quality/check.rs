//! Checks that people make: a sample compared with its source, or with the same data elsewhere.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::measure::opened;
use super::{Dimension, Proportion, QualityEvent, hold};
use crate::Context;
use crate::event::Event;
use crate::identifier::{ResourceId, VersionId};
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::{Text, is_sha256};

/// Puts a check of a version on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecordQualityCheck {
    /// The resource.
    pub resource: ResourceId,
    /// The version.
    pub version: VersionId,
    /// Accuracy or consistency; the others are measured.
    pub dimension: Dimension,
    /// By which rule: what was compared with what.
    pub method: String,
    /// How many were checked, and how many held.
    pub result: Proportion,
    /// SHA-256 of the report.
    pub document_sha256: String,
}

/// Decides it. Below the threshold it opens a work order, and holds the version back where the packs ask for it.
///
/// # Errors
/// Refuses a version that is not there, a dimension that is measured, and a check without method, sample or report.
pub fn decide_check(state: &State, command: &RecordQualityCheck, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let resource = state.resource(&command.resource, context)?;
    let Some(version) = resource.versions.iter().find(|version| version.id == command.version) else {
        let what = Text::new("数据版本", "version");
        return Err(context.rules.unknown(&what, command.version.as_str()));
    };
    context.rules.said(&command.method, ("核查规则", "method"))?;
    let by_check = matches!(command.dimension, Dimension::Accuracy | Dimension::Consistency);
    let Proportion { held, of } = command.result;
    if !by_check || of == 0 || held > of || !is_sha256(&command.document_sha256) {
        return Err(context.rules.refuse(
            Rule::QualityMeasure,
            Text::new(
                "核查只登记准确性和一致性，须有样本数、合格数和核查报告",
                "a check is of accuracy or consistency, with its sample, what held, and its report",
            ),
            Text::new(
                "请更正维度、数量，并填写核查报告的 SHA-256；其余维度入库时自动计算",
                "correct dimension and numbers, and give the report's SHA-256; the others are measured at ingest",
            ),
        ));
    }
    let mut events = vec![Event::Quality(QualityEvent::Checked {
        check: Box::new(command.clone()),
        by: context.actor.party.clone(),
    })];
    let least = context.rules.parameters().quality_min.get(&command.dimension).copied();
    if least.is_some_and(|least| command.result.basis_points() < least) {
        let word = command.dimension.words().0;
        let text = format!("{word}核查 {held}/{of}，低于规定；{}", command.method);
        let of_what = (&command.resource, &command.version, command.dimension);
        let by = Some(context.actor.party.clone());
        events.extend(opened(state, of_what, text, by, context));
        events.extend(hold::held(&command.resource, version, command.dimension, context));
    }
    Ok(events)
}
