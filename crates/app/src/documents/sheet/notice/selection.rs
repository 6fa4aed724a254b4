//! A selection: whether an applicant qualifies, who is shown to the public, what becomes of an objection, who is selected,
//! and that it came to nothing.

use gongshu_governance::State;
use gongshu_governance::identifier::{PartyId, SelectionId};
use gongshu_governance::selection::{RecordCheck, SelectionEvent};

use super::super::{grouped, party, span};
use super::{Draft, Readers};

pub(super) fn draft(state: &State, event: &SelectionEvent) -> Option<Draft> {
    let name = |id: &PartyId| party(state, id).name;
    Some(match event {
        SelectionEvent::Qualified(found) => {
            let (result, says) = match found.qualified {
                true => ("通过", "该申请人通过资格审查，进入评审。"),
                false => ("不通过", "该申请人未通过资格审查，不进入评审。"),
            };
            let draft = of(state, "资格审查结果通知书", &found.selection)?
                .to([found.applicant.clone()])
                .fact("申请人", name(&found.applicant))
                .fact("审查结果", result)
                .fact("理由", &found.reason);
            let mut draft = checked(draft, found.check.as_ref()).says(says);
            draft.readers = Readers::Authorities;
            draft
        }
        SelectionEvent::Publicized { publicity, .. } => of(state, "遴选结果公示", &publicity.selection)?
            .fact("拟选运营机构", name(&publicity.applicant))
            .fact("公示期", span(&publicity.term))
            .fact("公示载体", &publicity.notice)
            .says("对公示结果有异议的，请在公示期内实名向实施机构书面提出并附理由。"),
        SelectionEvent::Resolved(resolution) => {
            let selection = state.selections.get(&resolution.selection)?;
            let objection = selection.objections.get(&resolution.objection)?;
            let outcome = match resolution.upheld {
                true => "异议成立，取消该候选人的资格",
                false => "异议不成立，公示结果不变",
            };
            let mut draft = of(state, "遴选异议答复书", &resolution.selection)?
                .to([objection.candidate.clone()])
                .fact("异议编号", resolution.objection.to_string())
                .fact("异议人", &objection.raised.objector)
                .fact("异议", &objection.raised.reason)
                .fact("处理结果", outcome)
                .fact("理由", &resolution.reason);
            draft.readers = Readers::Authorities;
            draft
        }
        SelectionEvent::Confirmed(confirmed) => {
            let selection = state.selections.get(&confirmed.selection)?;
            let selected = selection.selected.as_ref();
            of(state, "遴选结果通知书", &confirmed.selection)?
                .to(selection.applicants.keys().cloned())
                .fact("选定的运营机构", selected.map_or_else(String::new, name))
                .fact("结果文号", &confirmed.document_number)
                .says("请选定的运营机构依遴选文件和方案签订授权运营协议。")
        }
        SelectionEvent::Failed(failed) => {
            let applicants = state.selections.get(&failed.selection)?.applicants.keys().cloned();
            of(state, "遴选终止公告", &failed.selection)?
                .to(applicants)
                .fact("理由", &failed.reason)
                .says("本次遴选未选定运营机构，程序终止；需要的，另行组织。")
        }
        SelectionEvent::Cancelled(cancelled) => {
            let applicants = state.selections.get(&cancelled.selection)?.applicants.keys().cloned();
            let (title, says) = match cancelled.next_candidate {
                true => ("遴选结果取消通知书", "原选定的运营机构不再签约，依次公示下一候选人。"),
                false => ("遴选取消公告", "本次遴选取消，程序终止；需要的，另行组织。"),
            };
            of(state, title, &cancelled.selection)?
                .to(applicants)
                .fact("理由", &cancelled.reason)
                .fact("公告载体", &cancelled.notice)
                .says(says)
        }
        SelectionEvent::Announced { .. }
        | SelectionEvent::Reseated(_)
        | SelectionEvent::Left { .. }
        | SelectionEvent::Applied { .. }
        | SelectionEvent::Seated(_)
        | SelectionEvent::Scored(_)
        | SelectionEvent::Objected(_) => return None,
    })
}

fn of(state: &State, title: &'static str, id: &SelectionId) -> Option<Draft> {
    let announcement = &state.selections.get(id)?.announcement;
    Some(Draft::new(title, announcement.title.clone()).fact("遴选编号", announcement.id.as_str()))
}

/// What the agency found of the applicant's record itself.
fn checked(draft: Draft, check: Option<&RecordCheck>) -> Draft {
    let Some(check) = check else { return draft };
    let found = match check.last_blemish {
        Some(day) => format!("最近一次不良记录为 {day}"),
        None => "无不良记录".to_owned(),
    };
    draft
        .fact("信用核查", format!("{} 查询，{found}", check.day))
        .fact("信用报告摘要（SHA-256）", grouped(&check.document_sha256))
}
