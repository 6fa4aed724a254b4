//! A subscription ends or gets another quota; a document by which information goes abroad ends; a party leaves the register.

use gongshu_governance::border::BorderEvent;
use gongshu_governance::identifier::SubscriptionId;
use gongshu_governance::party::PartyEvent;
use gongshu_governance::{Event, State};

use super::super::{agreement_title, grouped, operator_under, party};
use super::{Draft, Readers, operator_of};

pub(super) fn subscription(state: &State, event: &Event) -> Option<Draft> {
    let of = |title, id: &SubscriptionId| {
        let order = state.subscriptions.get(id)?;
        let product = state.products.get(&order.order.product)?;
        let mut draft = Draft::new(title, product.submission.name.clone())
            .to([order.consumer.clone()])
            .to(operator_of(state, &order.order.product))
            .fact("订购编号", id.as_str())
            .fact("订购方", party(state, &order.consumer).name)
            .fact("用途", &order.order.purpose);
        draft.readers = Readers::Authorities;
        Some(draft)
    };
    match event {
        Event::Unsubscribed { subscription } => {
            Some(of("产品退订通知书", subscription)?.says("自办理时间起，该订购终止，不再调用；已发生的费用照常结算。"))
        }
        Event::QuotaAgreed {
            subscription,
            quota_calls_max,
            agreed,
            ..
        } => {
            let (title, says) = match agreed {
                true => ("订购额度变更通知书", "双方已就该额度达成一致，自办理时间起执行。"),
                false => ("订购额度变更提议书", "请对方通过平台表示是否同意；同意前执行原额度。"),
            };
            let draft = of(title, subscription)?.fact("额度", format!("{quota_calls_max} 次"));
            Some(draft.says(says))
        }
        _ => None,
    }
}

pub(super) fn export(state: &State, event: &BorderEvent) -> Option<Draft> {
    let BorderEvent::Ended(end) = event else {
        return None;
    };
    let record = &state.exports.get(&end.export)?.of;
    let mut draft = Draft::new("出境文件终止通知书", agreement_title(state, &record.agreement))
        .to(operator_under(state, &record.agreement))
        .to([record.consumer.clone()])
        .fact("文件编号", &record.document_number)
        .fact("境外接收方", party(state, &record.consumer).name)
        .fact("终止理由", &end.reason)
        .says("自办理时间起，不得再依该文件向境外提供信息。");
    draft.readers = Readers::Authorities;
    Some(draft)
}

pub(super) fn left(state: &State, event: &PartyEvent) -> Option<Draft> {
    let PartyEvent::Deregistered(left) = event else {
        return None;
    };
    Some(
        Draft::new("主体注销通知书", party(state, &left.party).name)
            .to([left.party.clone()])
            .fact("主体编号", left.party.as_str())
            .fact("注销理由", &left.reason)
            .fact("证明文件摘要", grouped(&left.evidence_sha256))
            .says("自办理时间起，该主体不再办理事项、调用产品，其密钥和证书失效；已有的记录和义务不受影响。"),
    )
}
