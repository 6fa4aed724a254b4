//! 年度运营报告: what the agency found of it.

use gongshu_governance::State;
use gongshu_governance::report::ReportEvent;

use super::super::agreement_title;
use super::{Draft, Readers};

pub(super) fn draft(state: &State, event: &ReportEvent) -> Option<Draft> {
    let ReportEvent::Reviewed { review, .. } = event else {
        return None;
    };
    let record = state.reports.get(&review.operating_report)?;
    let (title, says) = match review.accepted {
        true => ("年度运营报告接受通知书", "该年度运营报告已经接受。"),
        false => (
            "年度运营报告退回通知书",
            "该年度运营报告予以退回，请按审核意见修改后另行提交。",
        ),
    };
    let subject = format!(
        "{} {} 年度",
        agreement_title(state, &record.report.agreement),
        record.report.year
    );
    let mut draft = Draft::new(title, subject)
        .to([record.by.clone()])
        .fact("报告编号", record.report.id.as_str())
        .fact("审核意见", &review.reason)
        .says(says);
    draft.readers = Readers::Authorities;
    Some(draft)
}
