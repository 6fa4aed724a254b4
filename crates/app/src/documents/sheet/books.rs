//! 月度结算单, 账单 and 对账单: a closed month of an agreement, what one consumer is billed of it, and a party's statement.

use std::sync::Arc;

use gongshu_document::SheetSection;
use gongshu_governance::State;
use gongshu_governance::books::{Billed, EntryKind, Period, Place, Side, StatementLine, statement as lines_of};
use gongshu_governance::identifier::{PartyId, SubscriptionId};
use gongshu_governance::money::Money;
use gongshu_governance::product::{Charging, Product};

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
    if let Some(payer) = consumer.map(|id| party(state, id)) {
        facts.push(fact("付款单位", payer.name));
        facts.push(fact("付款单位统一社会信用代码", payer.code.unwrap_or_default()));
    }
    let mut sections = vec![billed(state, &invoices), charged(state, period, &invoices)];
    if consumer.is_none() {
        sections.push(shares(state, &invoices));
    }
    sections.push(SheetSection::text("", [INVOICES.to_owned()]));
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

const INVOICES: &str = "平台未登记税额和发票号码；发票由运营机构按规定另行开具。";

/// What each amount is made of: by what is charged, at which price, for how much.
fn charged(state: &State, period: &Period, invoices: &[&Billed]) -> SheetSection {
    let row = |it: &&Billed| {
        let invoice = &it.invoice;
        let product = product_of(state, &invoice.subscription);
        let way = product.map_or("", |it| way(it.charging));
        let volume = match product.map(|it| it.charging) {
            Some(Charging::Row) => format!("{} 行", invoice.volume.rows),
            Some(Charging::Megabyte) => format!("{} 字节", invoice.volume.bytes),
            Some(Charging::Call) => format!("{} 次", invoice.calls),
            Some(Charging::Once | Charging::Month | Charging::Year) | None => String::new(),
        };
        [
            product_name(state, &invoice.subscription),
            way.to_owned(),
            prices(state, period, &invoice.subscription),
            volume,
            (invoice.amount - invoice.standing).to_string(),
            invoice.standing.to_string(),
            invoice.amount.to_string(),
        ]
    };
    let heads = [
        "产品:2",
        "计费方式:2",
        "单价:2",
        "用量:2",
        "按量计费#",
        "一次性、按期费用#",
        "金额#",
    ];
    SheetSection::table("计费明细（元）", heads, invoices.iter().map(row))
}

/// The prices that a subscription paid in the month, in order: a month or a year is charged at that of its first day.
fn prices(state: &State, period: &Period, subscription: &SubscriptionId) -> String {
    let Some((product, order)) = product_of(state, subscription).zip(state.subscriptions.get(subscription)) else {
        return String::new();
    };
    let paid = product.prices_on(order, period.close.month.days());
    let told: Vec<String> = paid.into_iter().map(|(_, price)| price.to_string()).collect();
    told.join("、")
}

fn way(charging: Charging) -> &'static str {
    match charging {
        Charging::Call => "按次",
        Charging::Once => "按产品",
        Charging::Month => "按月",
        Charging::Year => "按年",
        Charging::Row => "按行",
        Charging::Megabyte => "按兆字节",
    }
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
        let side = side(line.side).to_owned();
        [
            beijing(line.at),
            line.month.to_string(),
            what(line),
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

fn product_of<'s>(state: &'s State, subscription: &SubscriptionId) -> Option<&'s Arc<Product>> {
    let product = state.subscriptions.get(subscription).map(|it| &it.order.product);
    state.products.get(product?)
}

pub(super) fn product_name(state: &State, subscription: &SubscriptionId) -> String {
    product_of(state, subscription).map_or_else(|| subscription.to_string(), |it| it.submission.name.clone())
}

/// What a line is, with what tells it from others of its kind, and what became of it.
fn what(line: &StatementLine) -> String {
    let name = kind(line.kind);
    match (line.place, line.reverses) {
        (_, Some(Place { kind, which })) => format!("{name}第 {which} 笔{}", kind.name().0),
        (Some(Place { which, .. }), None) if line.reversed => format!("{name}（第 {which} 笔，已冲正）"),
        _ => name.to_owned(),
    }
}

fn kind(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Invoice => "账单",
        EntryKind::Payment => "收款",
        EntryKind::CreditNote => "红字冲销",
        EntryKind::Refund => "退款",
        EntryKind::Payout => "分成支付",
        EntryKind::Return => "分成退回",
        EntryKind::Reversal => "冲正",
    }
}

fn side(side: Side) -> &'static str {
    match side {
        Side::Owes => "应付",
        Side::Receives => "应收分成",
        Side::Holds => "结算专户",
    }
}
