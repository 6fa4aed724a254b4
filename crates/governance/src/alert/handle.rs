//! What came of an alert: found by the operator or the agency, never by whom it is about.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Alert, AlertEvent};
use crate::Context;
use crate::event::Event;
use crate::identifier::{AlertId, IncidentId};
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::scenario::ScenarioStatus;
use crate::state::State;
use crate::text::Text;

/// What an alert is found to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlertOutcome {
    /// 误报: there is a good reason for it.
    FalseAlarm,
    /// 已采取措施.
    MeasuresTaken,
    /// 转为安全事件.
    MadeIncident,
}

impl AlertOutcome {
    /// What it is called.
    #[must_use]
    pub fn text(self) -> Text {
        let (zh, en) = match self {
            Self::FalseAlarm => ("误报", "a false alarm"),
            Self::MeasuresTaken => ("已采取措施", "measures were taken"),
            Self::MadeIncident => ("转为安全事件", "an incident"),
        };
        Text::new(zh, en)
    }
}

/// What was done about it. All but the first are acts of their own, which must be on record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlertMeasure {
    /// 督促整改: the party was told to put it right, and has.
    Instructed,
    /// 终止订购: it has no open subscription to the product.
    SubscriptionEnded,
    /// 暂停产品: nobody is served for now.
    ProductSuspended,
    /// 冻结场景.
    ScenarioFrozen,
}

impl AlertMeasure {
    /// What it is called.
    #[must_use]
    pub fn text(self) -> Text {
        let (zh, en) = match self {
            Self::Instructed => ("督促整改", "told to put it right"),
            Self::SubscriptionEnded => ("终止订购", "subscription ended"),
            Self::ProductSuspended => ("暂停产品", "product suspended"),
            Self::ScenarioFrozen => ("冻结场景", "scenario frozen"),
        };
        Text::new(zh, en)
    }
}

/// Handles an alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HandleAlert {
    /// The alert.
    pub alert: AlertId,
    /// What it is found to be.
    pub outcome: AlertOutcome,
    /// Why it is a false alarm, or what was found and done.
    pub how: String,
    /// The measures, where some were taken.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub measures: BTreeSet<AlertMeasure>,
    /// The incident, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incident: Option<IncidentId>,
}

/// Decides what came of an alert. Late is on record as late, never refused.
///
/// # Errors
/// Refuses whoever it is about, a second finding, one that says nothing, measures that are not on record, and an incident
/// that is not reported, is a drill, or concerns another scenario.
pub fn decide_handle(state: &State, command: &HandleAlert, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let alert = state.alert(&command.alert, context)?;
    check_other(state, alert, context)?;
    if alert.handled.is_some() {
        return Err(context.rules.wrong_state(
            Text::new("该告警已处置", "the alert is handled"),
            Text::new(
                "如有新的情况，请报告安全事件",
                "report what is new as an incident (`incident.report`)",
            ),
        ));
    }
    context
        .rules
        .said(&command.how, ("办理情况", "account of what was found and done"))?;
    check_form(command, context)?;
    for measure in &command.measures {
        check_measure(state, alert, *measure, context)?;
    }
    if let Some(incident) = &command.incident {
        check_incident(state, alert, incident, context)?;
    }
    Ok(vec![Event::Alert(AlertEvent::Handled {
        handled: Box::new(command.clone()),
        by: context.actor.party.clone(),
    })])
}

/// Nobody finds about itself, under whichever role it is on record.
fn check_other(state: &State, alert: &Alert, context: &Context<'_>) -> Result<(), Refusal> {
    let own = state.party(&context.actor.party, context)?;
    let about = state.parties.get(&alert.raised.party);
    let same = about.is_some_and(|about| about.id == own.id || (about.code.is_some() && about.code == own.code));
    if !same {
        return Ok(());
    }
    Err(context.rules.refuse(
        Rule::AlertHandling,
        Text::new(
            "该告警涉及本单位，不得由本单位处置",
            "the alert is about this very party, which does not find about itself",
        ),
        Text::new(
            "请由实施机构或运营机构中未涉及的一方处置告警",
            "let the agency or the operator that it is not about handle it",
        ),
    ))
}

/// Measures and an incident stand with the outcome that speaks of them, and with no other.
fn check_form(command: &HandleAlert, context: &Context<'_>) -> Result<(), Refusal> {
    let (measures, incident) = (!command.measures.is_empty(), command.incident.is_some());
    let (sound, remedy) = match command.outcome {
        AlertOutcome::FalseAlarm => (
            !measures && !incident,
            Text::new("误报只填写理由", "a false alarm has a reason alone"),
        ),
        AlertOutcome::MeasuresTaken => (
            measures && !incident,
            Text::new("请勾选所采取的措施", "name the measures that were taken"),
        ),
        AlertOutcome::MadeIncident => (
            incident,
            Text::new(
                "请先报告安全事件，再填写其编号",
                "report the incident first, and name it",
            ),
        ),
    };
    if sound {
        return Ok(());
    }
    let outcome = command.outcome.text();
    Err(context.rules.refuse(
        Rule::AlertHandling,
        Text::new(
            format!("处置结果“{}”与所填措施、安全事件不符", outcome.zh),
            format!("measures or incident do not fit the outcome: {}", outcome.en),
        ),
        remedy,
    ))
}

fn check_measure(state: &State, alert: &Alert, measure: AlertMeasure, context: &Context<'_>) -> Result<(), Refusal> {
    let raised = &alert.raised;
    let product = raised.product.as_ref();
    let (done, remedy) = match measure {
        AlertMeasure::Instructed => return Ok(()),
        AlertMeasure::SubscriptionEnded => (
            product.is_some_and(|product| state.open_subscription(&raised.party, product).is_none()),
            Text::new(
                "请先由使用方退订",
                "let the consumer end it first (`subscription.close`)",
            ),
        ),
        AlertMeasure::ProductSuspended => (
            product
                .and_then(|product| state.products.get(product))
                .is_some_and(|product| !product.suspended.is_empty()),
            Text::new("请先暂停产品", "suspend it first (`product.suspend`)"),
        ),
        AlertMeasure::ScenarioFrozen => (
            state
                .scenarios
                .get(&raised.scenario)
                .is_some_and(|scenario| matches!(scenario.status, ScenarioStatus::Frozen { .. })),
            Text::new(
                "请先由监管部门冻结场景",
                "let a supervisor freeze it first (`scenario.freeze`)",
            ),
        ),
    };
    if done {
        return Ok(());
    }
    let measure = measure.text();
    Err(context.rules.refuse(
        Rule::AlertHandling,
        Text::new(
            format!("措施“{}”没有记录", measure.zh),
            format!("the measure is not on record: {}", measure.en),
        ),
        remedy,
    ))
}

fn check_incident(state: &State, alert: &Alert, incident: &IncidentId, context: &Context<'_>) -> Result<(), Refusal> {
    let report = &state.incident(incident, context)?.report;
    if !report.drill && report.scenarios.contains(&alert.raised.scenario) {
        return Ok(());
    }
    Err(context.rules.refuse(
        Rule::AlertHandling,
        Text::new(
            format!("安全事件“{}”是演练，或不涉及该告警的场景", report.title),
            format!(
                "the incident `{}` is a drill, or does not concern the alert's scenario",
                report.title
            ),
        ),
        Text::new(
            "请就该场景报告安全事件，再填写其编号",
            "report the incident of this scenario (`incident.report`), and name it",
        ),
    ))
}
