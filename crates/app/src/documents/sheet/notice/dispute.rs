//! A dispute is opened against a party, goes to another forum, is held by a measure, and ends.

use gongshu_governance::State;
use gongshu_governance::dispute::DisputeEvent;
use gongshu_governance::identifier::DisputeId;

use super::super::dispute::ending;
use super::super::{agreement_title, grouped, party, scenario_name};
use super::{Draft, Readers};

pub(super) fn draft(state: &State, event: &DisputeEvent) -> Option<Draft> {
    Some(match event {
        DisputeEvent::Opened { claim, due, .. } => of(state, "争议答复通知书", &claim.id)?
            .fact("请求", &claim.claims)
            .fact("事实和理由", &claim.facts)
            .fact("解决方式", claim.forum.words().0)
            .fact("答复时限", due.to_string())
            .says("请被申请人在答复时限前通过平台提交答复和证据。"),
        DisputeEvent::Moved(moved) => of(state, "争议转送通知书", &moved.dispute)?
            .fact("转送至", moved.forum.words().0)
            .fact("案号", &moved.document_number)
            .says("该争议改由上述方式解决，后续办理以其程序为准。"),
        DisputeEvent::MeasureOrdered(order) => of(state, "争议保全措施通知书", &order.dispute)?
            .fact("所涉场景", scenario_name(state, &order.scenario))
            .fact("依据", &order.basis)
            .fact("文书摘要", grouped(&order.document_sha256))
            .says("自办理时间起，该场景冻结，其下的产品和服务一律停止调用，措施解除前不予恢复。"),
        DisputeEvent::MeasureLifted(lift) => of(state, "争议保全措施解除通知书", &lift.dispute)?
            .fact("所涉场景", scenario_name(state, &lift.scenario))
            .fact("依据", &lift.basis)
            .says("自办理时间起，该项措施解除；没有其他冻结事由的，该场景的授权恢复。"),
        DisputeEvent::EndProposed { close, by } => of(state, "争议结案待确认通知书", &close.dispute)?
            .fact("提出单位", party(state, by).name)
            .fact("结案方式", ending(close.ending))
            .fact(
                "文书摘要",
                close.document_sha256.as_deref().map_or_else(String::new, grouped),
            )
            .says(close.conclusion.as_str())
            .says("请申请人或实施机构核对文书，确认后办结；确认前争议继续办理。"),
        DisputeEvent::Closed(close) => {
            let draft = of(state, "争议办结通知书", &close.dispute)?.fact("处理结果", ending(close.ending));
            let paper = close.document_sha256.as_deref().map(grouped);
            let draft = paper
                .into_iter()
                .fold(draft, |draft, paper| draft.fact("文书摘要", paper));
            draft.says(close.conclusion.as_str())
        }
        DisputeEvent::Stepped { .. } => return None,
    })
}

fn of(state: &State, title: &'static str, id: &DisputeId) -> Option<Draft> {
    let dispute = state.disputes.get(id)?;
    let claim = &dispute.claim;
    let mut draft = Draft::new(title, claim.title.clone())
        .to(dispute.parties().cloned())
        .fact("争议编号", claim.id.as_str())
        .fact("授权协议", agreement_title(state, &claim.agreement))
        .fact("申请人", party(state, &dispute.claimant).name);
    draft.readers = Readers::Authorities;
    Some(draft)
}
