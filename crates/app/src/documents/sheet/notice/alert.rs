//! 告警处置通知书: what was found of an alert, and what the party it is about is told to do.

use gongshu_governance::State;
use gongshu_governance::alert::{AlertEvent, AlertOutcome};

use super::{Draft, Readers};

/// The notice of measures; a false alarm changes nothing for anybody, and an incident has its own papers.
pub(super) fn draft(state: &State, event: &AlertEvent) -> Option<Draft> {
    let AlertEvent::Handled { handled, .. } = event else {
        return None;
    };
    if handled.outcome != AlertOutcome::MeasuresTaken {
        return None;
    }
    let raised = &state.alerts.get(&handled.alert)?.raised;
    let product = raised.product.as_ref().and_then(|id| state.products.get(id));
    let scenario = state.scenarios.get(&raised.scenario)?;
    let thing = product.map_or(&scenario.application.name, |product| &product.submission.name);
    let measures: Vec<String> = handled.measures.iter().map(|measure| measure.text().zh).collect();
    let mut draft = Draft::new("告警处置通知书", thing)
        .to([raised.party.clone()])
        .fact("告警", raised.kind.text().zh)
        .fact("发生日期", raised.day.to_string())
        .fact("次数", format!("{}（达到 {} 次即告警）", raised.figure, raised.bound))
        .fact("措施", measures.join("、"))
        .says(handled.how.as_str());
    draft.readers = Readers::Overseers;
    Some(draft)
}
