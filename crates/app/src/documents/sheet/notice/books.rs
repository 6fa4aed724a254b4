//! Credit notes, refunds and reversals.

use gongshu_document::SheetSection;
use gongshu_governance::State;
use gongshu_governance::books::{Account, BooksEvent, ReverseEntry};
use gongshu_governance::identifier::{PeriodId, SubscriptionId};
use gongshu_governance::money::Money;

use super::super::books::product_name;
use super::super::{agreement_title, beijing, operator_under, party};
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
        BooksEvent::Reversed { reverse, amount } => reversed(state, reverse, *amount),
        BooksEvent::Closed { .. } | BooksEvent::Paid(_) | BooksEvent::PaidOut(_) | BooksEvent::Returned(_) => None,
    }
}

/// To whom the entry was about: the consumer of the invoice, or the party that shares.
fn reversed(state: &State, reverse: &ReverseEntry, amount: Money) -> Option<Draft> {
    let period = state.periods.get(&reverse.period)?;
    let books = state.books.get(&period.close.agreement)?;
    let (wrong, kind) = (books.at(&reverse.period, reverse.place())?, reverse.kind.name().0);
    let mut accounts = wrong.transfers.iter().flat_map(|it| [&it.debit, &it.credit]);
    let concerned = accounts.find_map(|account| match account {
        Account::Receivable(party) | Account::Share(party) => Some(party.clone()),
        Account::Cash => None,
    });
    let subject = wrong.subscription.as_ref().map_or_else(
        || concerned.as_ref().map_or_else(String::new, |id| party(state, id).name),
        |subscription| product_name(state, subscription),
    );
    let mut draft = Draft::new("冲正通知单", subject)
        .to(concerned)
        .to(operator_under(state, &period.close.agreement))
        .fact("结算编号", reverse.period.as_str())
        .fact("结算月份", period.close.month.to_string())
        .fact("授权协议", agreement_title(state, &period.close.agreement))
        .fact("冲正的记录", format!("本期第 {} 笔{kind}", reverse.which))
        .fact("原记录时间", beijing(wrong.at))
        .fact("原凭证", &wrong.evidence)
        .fact("金额", format!("{amount} 元"))
        .fact("冲正原因", &reverse.reason)
        .fact("冲正凭证", &reverse.evidence);
    draft.readers = Readers::Authorities;
    Some(draft.says("原记录有误，已登记相反的分录；原记录保留。正确的另行登记。"))
}

fn of(state: &State, title: &'static str, id: &PeriodId, subscription: &SubscriptionId) -> Draft {
    let period = state.periods.get(id);
    let consumer = state.subscriptions.get(subscription).map(|it| it.consumer.clone());
    let operator = period.and_then(|it| operator_under(state, &it.close.agreement));
    let mut draft = Draft::new(title, product_name(state, subscription))
        .to(consumer)
        .to(operator)
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
