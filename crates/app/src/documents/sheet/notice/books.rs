//! Credit notes and refunds.

use gongshu_document::SheetSection;
use gongshu_governance::State;
use gongshu_governance::books::BooksEvent;
use gongshu_governance::identifier::{PeriodId, SubscriptionId};

use super::super::books::product_name;
use super::super::{agreement_title, party};
use super::{Draft, Readers};

pub(super) fn draft(state: &State, event: &BooksEvent) -> Option<Draft> {
    match event {
        BooksEvent::Credited { credit, shares, .. } => {
            let rows = shares
                .iter()
                .map(|(id, share)| [party(state, id).name, share.to_string()]);
            let rows = rows.chain([["合计".to_owned(), credit.amount.to_string()]]);
            let mut draft = of(state, "红字账单（冲销通知单）", &credit.period, &credit.subscription)
                .fact("冲销金额", format!("{} 元", credit.amount))
                .fact("冲销理由", &credit.reason);
            draft.sections.push(SheetSection::table(
                "各方冲回的收益（元）",
                ["分配单位:1", "金额#"],
                rows,
            ));
            Some(draft.says("原账单的应付金额按冲销金额减少；已经付款的，由运营机构退款。"))
        }
        BooksEvent::Refunded(refund) => Some(
            of(state, "退款通知单", &refund.period, &refund.subscription)
                .fact("退款金额", format!("{} 元", refund.amount))
                .fact("付款凭证", &refund.evidence),
        ),
        BooksEvent::Closed { .. } | BooksEvent::Paid(_) | BooksEvent::PaidOut(_) | BooksEvent::Returned(_) => None,
    }
}

fn of(state: &State, title: &'static str, id: &PeriodId, subscription: &SubscriptionId) -> Draft {
    let period = state.periods.get(id);
    let consumer = state.subscriptions.get(subscription).map(|it| it.consumer.clone());
    let operator = period.and_then(|it| state.agreements.get(&it.close.agreement));
    let mut draft = Draft::new(title, product_name(state, subscription))
        .to(consumer)
        .to(operator.map(|it| it.terms.operator.clone()))
        .fact("结算编号", id.as_str())
        .fact(
            "结算月份",
            period.map_or_else(String::new, |it| it.close.month.to_string()),
        )
        .fact(
            "授权协议",
            period.map_or_else(String::new, |it| agreement_title(state, &it.close.agreement)),
        )
        .fact("订购编号", subscription.as_str());
    draft.readers = Readers::Authorities;
    draft
}
