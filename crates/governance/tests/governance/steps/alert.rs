//! What comes of an alert about the bank.

use gongshu_governance::Command;
use gongshu_governance::alert::{AlertMeasure, AlertOutcome, HandleAlert};
use gongshu_governance::identifier::AlertId;

pub(crate) fn handled_alert() -> Command {
    Command::HandleAlert(Box::new(HandleAlert {
        alert: AlertId::new("alr_1"),
        outcome: AlertOutcome::MeasuresTaken,
        how: "系统升级时重复提交，已约谈并限流".to_owned(),
        measures: [AlertMeasure::Instructed].into(),
        incident: None,
    }))
}
