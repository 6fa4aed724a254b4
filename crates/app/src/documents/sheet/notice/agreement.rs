//! An agreement is suspended, resumed or ended; an amendment is declined or withdrawn.

use gongshu_governance::State;
use gongshu_governance::agreement::AgreementEvent;
use gongshu_governance::identifier::AgreementId;

use super::super::exit::ground;
use super::super::{agency_of, agreement_title, operator_under};
use super::Draft;

pub(super) fn draft(state: &State, event: &AgreementEvent) -> Option<Draft> {
    let draft = |title, agreement: &AgreementId| {
        let operator = operator_under(state, agreement);
        Draft::new(title, agreement_title(state, agreement))
            .to([agency_of(state, agreement)])
            .to(operator)
            .fact("协议编号", agreement.as_str())
    };
    Some(match event {
        AgreementEvent::Suspended { suspension, .. } => draft("授权协议暂停通知书", &suspension.agreement)
            .fact("暂停理由", &suspension.reason)
            .says("自办理时间起，本协议下的场景授权、产品和服务一律暂停，恢复前不予调用；期间不因暂停而延长协议期限。"),
        AgreementEvent::Resumed { resumption, .. } => draft("授权协议恢复通知书", &resumption.agreement)
            .fact("恢复理由", &resumption.reason)
            .says("自办理时间起，该项暂停解除；没有其他单位决定的暂停的，本协议恢复执行，其下的场景授权、产品和服务按各自的状态继续。"),
        AgreementEvent::Ended { agreement, exit } => {
            let started = state.exits.get(exit).map(|exit| &exit.start);
            let reason = started.map_or_else(String::new, |start| start.reason.clone());
            let due = started.map_or_else(String::new, |start| start.due.to_string());
            let found = started.and_then(|start| start.document_sha256.as_deref());
            let found = found.map_or_else(|| "无".to_owned(), super::super::grouped);
            draft("授权协议终止通知书", agreement)
                .fact("退出编号", exit.as_str())
                .fact("终止事由", started.map_or("", |start| ground(start.ground)))
                .fact("说明", reason)
                .fact("认定文件摘要", found)
                .fact("办结时限", due)
                .says("自办理时间起，本协议下的一切访问和使用即行终止。运营机构应在办结时限前逐项处置资产，移交或销毁数据，结清款项。")
        }
        AgreementEvent::AmendmentDeclined(refusal) => draft("协议变更不予同意通知书", &refusal.agreement)
            .fact("不同意的理由", &refusal.reason)
            .fact("变更文本条款摘要", super::super::grouped(&refusal.terms_sha256))
            .says("该变更不生效，协议现行条款继续有效。"),
        AgreementEvent::AmendmentWithdrawn(withdrawal) => draft("协议变更撤回通知书", &withdrawal.agreement)
            .fact("撤回理由", &withdrawal.reason)
            .says("该变更不生效，协议现行条款继续有效。"),
        AgreementEvent::ProposalDeclined(refusal) => draft("授权协议不予同意通知书", &refusal.agreement)
            .fact("不同意的理由", &refusal.reason)
            .fact("协议条款摘要", super::super::grouped(&refusal.terms_sha256))
            .says("该协议未签署，不产生授权；如需授权，应另行拟定协议。"),
        AgreementEvent::ProposalWithdrawn(withdrawal) => draft("授权协议撤回通知书", &withdrawal.agreement)
            .fact("撤回理由", &withdrawal.reason)
            .says("该协议未签署，不产生授权；如需授权，应另行拟定协议。"),
        AgreementEvent::AmendmentProposed { .. }
        | AgreementEvent::Amended { .. }
        | AgreementEvent::Sealed(_)
        | AgreementEvent::TextSigned(_) => return None,
    })
}
