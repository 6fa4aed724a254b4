//! The yearly assessment of an operator is opened, comes to a grade, and what it appealed is decided.

use gongshu_governance::State;
use gongshu_governance::assessment::AssessmentEvent;
use gongshu_governance::identifier::AssessmentId;

use super::super::{agreement_title, grouped, operator_under, party};
use super::{Draft, Readers};

pub(super) fn draft(state: &State, event: &AssessmentEvent) -> Option<Draft> {
    Some(match event {
        AssessmentEvent::Opened { opening, .. } => of(state, "年度评估通知书", &opening.id)?
            .fact("完成时限", opening.due.to_string())
            .says("请配合评估机构开展年度评估，如实提供材料。"),
        AssessmentEvent::Reassigned(reassigned) => {
            let before = state.assessments.get(&reassigned.assessment)?.before.last();
            of(state, "年度评估机构更换通知书", &reassigned.assessment)?
                .to(before.map(|(assessor, _)| assessor.clone()))
                .fact("更换理由", &reassigned.reason)
                .fact("完成时限", reassigned.due.to_string())
                .says("原评估机构的评估情况不再采用，由现评估机构重新评估。")
        }
        AssessmentEvent::Concluded {
            conclusion,
            total,
            grade,
        } => of(state, "年度评估结果通知书", &conclusion.assessment)?
            .fact("评估得分", format!("{total} 分"))
            .fact("评估等次", grade.words().0)
            .says(conclusion.conclusion.as_str())
            .says("对评估结果有异议的，可以通过平台提出申诉。"),
        AssessmentEvent::AppealAnswered { answer, total, grade } => {
            let changed = match answer.points.is_empty() {
                true => "申诉不成立，维持原评估结果",
                false => "申诉成立，评分予以更正",
            };
            of(state, "年度评估申诉答复书", &answer.assessment)?
                .fact("答复", changed)
                .fact("理由", &answer.reason)
                .fact("评估得分", format!("{total} 分"))
                .fact("评估等次", grade.words().0)
        }
        AssessmentEvent::Rectified(rectified) => of(state, "年度评估整改验收通知书", &rectified.assessment)?
            .fact("整改情况", &rectified.how)
            .fact("报告摘要", grouped(&rectified.document_sha256))
            .says("评估所列问题的整改已经验收。"),
        AssessmentEvent::Indicated { .. } | AssessmentEvent::Appealed(_) => return None,
    })
}

fn of(state: &State, title: &'static str, id: &AssessmentId) -> Option<Draft> {
    let opening = &state.assessments.get(id)?.opening;
    let mut draft = Draft::new(title, agreement_title(state, &opening.agreement))
        .to(operator_under(state, &opening.agreement))
        .to([opening.assessor.clone()])
        .fact("评估编号", opening.id.as_str())
        .fact("评估年度", format!("{} 年", opening.year))
        .fact("评估机构", party(state, &opening.assessor).name);
    draft.readers = Readers::Authorities;
    Some(draft)
}
