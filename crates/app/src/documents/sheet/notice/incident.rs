//! An incident is graded anew, with the duties that follow; it is closed.

use std::collections::BTreeSet;

use gongshu_document::SheetSection;
use gongshu_governance::State;
use gongshu_governance::identifier::{IncidentId, PartyId};
use gongshu_governance::incident::{Incident, IncidentEvent};

use super::super::{beijing, grouped, party};
use super::{Draft, Readers};

pub(super) fn draft(state: &State, event: &IncidentEvent) -> Option<Draft> {
    match event {
        IncidentEvent::Graded { grade, duties } => {
            let personal = if grade.personal_information { "是" } else { "否" };
            let mut draft = of(state, "安全事件定级通知书", &grade.incident)?
                .fact("事件级别", grade.level.words().0)
                .fact("涉及个人信息", personal)
                .fact("定级理由", &grade.reason);
            let rows = duties
                .iter()
                .map(|(kind, due)| [kind.words().0.to_owned(), beijing(*due)]);
            draft
                .sections
                .push(SheetSection::table("应办事项", ["事项", "时限"], rows));
            Some(draft)
        }
        IncidentEvent::Retracted(retraction) => Some(
            of(state, "安全事件报告撤销通知书", &retraction.incident)?
                .fact("认定理由", &retraction.reason)
                .fact("核查结论摘要", grouped(&retraction.document_sha256))
                .says("经核查不属于安全事件，不再办理其余事项。"),
        ),
        IncidentEvent::Closed(close) => Some(
            of(state, "安全事件办结通知书", &close.incident)?
                .fact("原因", &close.cause)
                .fact("整改", &close.lessons)
                .says("该事件的处置已经办结。"),
        ),
        IncidentEvent::Reported { .. } | IncidentEvent::Fulfilled(_) => None,
    }
}

fn of(state: &State, title: &'static str, id: &IncidentId) -> Option<Draft> {
    let incident = state.incidents.get(id)?;
    let report = &incident.report;
    let mut draft = Draft::new(title, report.title.clone())
        .to(concerned(state, incident))
        .fact("事件编号", report.id.as_str())
        .fact("报告单位", party(state, &incident.by).name)
        .fact("发现时间", beijing(report.discovered));
    draft.readers = Readers::Authorities;
    Some(draft)
}

/// Who reported it, and the operators of the scenarios that it concerns.
fn concerned(state: &State, incident: &Incident) -> BTreeSet<PartyId> {
    let scenarios = incident
        .report
        .scenarios
        .iter()
        .filter_map(|id| state.scenarios.get(id));
    let agreements = scenarios.filter_map(|it| state.agreements.get(&it.application.agreement));
    let operators = agreements.map(|it| it.terms.operator.clone());
    operators.chain([incident.by.clone()]).collect()
}
