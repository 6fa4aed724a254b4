//! An alert about the bank's calls, and what comes of it.

use gongshu_governance::alert::{AlertEvent, AlertKind, AlertMeasure, AlertOutcome, HandleAlert, RaisedAlert};
use gongshu_governance::deadline::Deadline;
use gongshu_governance::identifier::{AlertId, PartyId, ProductId, ScenarioId};
use gongshu_governance::{Command, Event};
use jiff::civil::date;

use crate::district::rules;

/// The alert that a party's calls raise.
pub(crate) fn raised_about(party: &str) -> Event {
    let day = date(2026, 4, 1);
    Event::Alert(AlertEvent::Raised(Box::new(RaisedAlert {
        id: AlertId::new("alr_1"),
        kind: AlertKind::Surge,
        party: PartyId::new(party),
        product: Some(ProductId::new("prd_verify")),
        scenario: ScenarioId::new("scn_credit"),
        day,
        figure: 1_000,
        bound: 1_000,
        deadline: Deadline::count(day, 3, rules().working_days()),
    })))
}

pub(crate) fn handled_alert() -> Command {
    Command::HandleAlert(Box::new(HandleAlert {
        alert: AlertId::new("alr_1"),
        outcome: AlertOutcome::MeasuresTaken,
        how: "系统升级时重复提交，已约谈并限流".to_owned(),
        measures: [AlertMeasure::Instructed].into(),
        incident: None,
    }))
}
