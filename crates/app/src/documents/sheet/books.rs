//! 月度结算单, 账单 and 对账单: a closed month of an agreement, what one consumer is billed of it, and a party's statement.

use gongshu_document::SheetSection;
use gongshu_governance::State;
use gongshu_governance::books::{Billed, EntryKind, Period, Side, statement as lines_of};
use gongshu_governance::identifier::{PartyId, SubscriptionId};
use gongshu_governance::money::Money;

use super::{Draft, agreement_title, beijing, fact, party};

/// The settlement of a month; the bill of a consumer, where one is given and has invoices of it.
pub(super) fn period(state: &State, period: &Period, consumer: Option<&PartyId>) -> Option<Draft> {
    let seen = |billed: &&Billed| consumer.is_none_or(|consumer| billed.invoice.consumer == *consumer);
    let invoices: Vec<&Billed> = period.invoices.values().filter(seen).collect();
    if consumer.is_some() && invoices.is_empty() {
        return None;
    }
    let close = &period.close;
    let operator = state
        .agreements
        .get(&close.agreement)
        .map(|it| it.terms.operator.clone());
    let mut facts = vec![
        fact("授权协议", agreement_title(state, &close.agreement)),
        fact("结算月份", close.month.to_string()),
        fact("关账时间", beijing(period.at)),
        fact("付款期限", period.due.to_string()),
    ];
    facts.extend(consumer.map(|id| fact("付款单位", party(state, id).name)));
    let mut sections = vec![billed(state, &invoices)];
    if consumer.is_none() {
        sections.push(shares(state, &invoices));
    }
    Some(Draft {
        title: if consumer.is_some() {
            "公共数据运营服务费账单"
        } else {
            "公共数据运营服务费月度结算单"
        }
        .to_owned(),
        subject: close.month.to_string(),
        number: close.id.to_string(),
        issuer: operator.unwrap_or_else(|| PartyId::new("")),
        facts,
        sections,
        streams: vec![close.id.to_string()],
    })
}

fn billed(state: &State, invoices: &[&Billed]) -> SheetSection {
    let row = |it: &&Billed| {
        let invoice = &it.invoice;
        let amounts = [invoice.amount, it.credited, it.paid, it.refunded, it.open()];
        let [amount, credited, paid, refunded, open] = amounts.map(|amount| amount.to_string());
        let (product, consumer) = (
            product_name(state, &invoice.subscription),
            party(state, &invoice.consumer).name,
        );
        [
            consumer,
            product,
            invoice.calls.to_string(),
            amount,
            credited,
            paid,
            refunded,
            open,
        ]
    };
    let sum = |of: fn(&Billed) -> Money| invoices.iter().map(|it| of(it)).sum::<Money>().to_string();
    let calls: u64 = invoices.iter().map(|it| it.invoice.calls).sum();
    let total = [
        "合计".to_owned(),
        String::new(),
        calls.to_string(),
        sum(|it| it.invoice.amount),
        sum(|it| it.credited),
        sum(|it| it.paid),
        sum(|it| it.refunded),
        sum(Billed::open),
    ];
    let heads = [
        "付款单位:2",
        "产品:2",
        "调用#",
        "金额#",
        "冲销#",
        "已付#",
        "已退#",
        "未付#",
    ];
    SheetSection::table("一、账单（元）", heads, invoices.iter().map(row).chain([total]))
}

fn shares(state: &State, invoices: &[&Billed]) -> SheetSection {
    let mut sums: std::collections::BTreeMap<&PartyId, Money> = std::collections::BTreeMap::new();
    for (id, amount) in invoices.iter().flat_map(|it| &it.shares) {
        let sum = sums.entry(id).or_default();
        *sum = *sum + *amount;
    }
    let total: Money = sums.values().copied().sum();
    let rows = sums
        .iter()
        .map(|(id, amount)| [party(state, id).name, amount.to_string()]);
    let rows = rows.chain([["合计".to_owned(), total.to_string()]]);
    SheetSection::table("二、收益分配（元）", ["分配单位:1", "金额#"], rows)
}

/// All that the books say of a party, with balances.
pub(super) fn statement(state: &State, id: &PartyId) -> Draft {
    let lines = lines_of(state, id);
    let mut streams: Vec<String> = lines.iter().map(|line| line.period.to_string()).collect();
    streams.sort();
    streams.dedup();
    // Where nothing was ever billed, it is the party that the statement is about.
    if streams.is_empty() {
        streams.push(id.to_string());
    }
    let rows = lines.iter().map(|line| {
        let [amount, balance] = [line.amount, line.balance].map(|it| it.to_string());
        let product = line
            .subscription
            .as_ref()
            .map_or_else(String::new, |it| product_name(state, it));
        let (kind, side) = (kind(line.kind).to_owned(), side(line.side).to_owned());
        [
            beijing(line.at),
            line.month.to_string(),
            kind,
            side,
            product,
            line.evidence.clone(),
            amount,
            balance,
        ]
    });
    let heads = [
        "时间:3", "月份:2", "事项:2", "科目:2", "产品:3", "凭证:3", "金额#", "余额#",
    ];
    let told = party(state, id);
    Draft {
        title: "对账单".to_owned(),
        subject: told.name.clone(),
        number: id.to_string(),
        issuer: id.clone(),
        facts: vec![
            fact("单位", told.name),
            fact("统一社会信用代码", told.code.unwrap_or_default()),
            fact("记录笔数", lines.len().to_string()),
        ],
        sections: vec![SheetSection::table("往来明细（元）", heads, rows)],
        streams,
    }
}

pub(super) fn product_name(state: &State, subscription: &SubscriptionId) -> String {
    let product = state.subscriptions.get(subscription).map(|it| &it.order.product);
    let product = product.and_then(|id| state.products.get(id));
    product.map_or_else(|| subscription.to_string(), |it| it.submission.name.clone())
}

fn kind(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Invoice => "账单",
        EntryKind::Payment => "收款",
        EntryKind::CreditNote => "红字冲销",
        EntryKind::Refund => "退款",
        EntryKind::Payout => "分成支付",
        EntryKind::Return => "分成退回",
    }
}

fn side(side: Side) -> &'static str {
    match side {
        Side::Owes => "应付",
        Side::Receives => "应收分成",
        Side::Holds => "结算专户",
    }
}
