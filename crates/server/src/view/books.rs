//! Closed months and statements as the API shows them.

use gongshu_api::Named;
use gongshu_api::books::{Invoice, Period, PriceFrom, ReversedEntry, SharedAmount, StatementLine};
use gongshu_app::governance::State;
use gongshu_app::governance::books::{self, Billed, Month, Side};
use gongshu_app::governance::identifier::{AgreementId, PartyId, SubscriptionId};
use gongshu_app::governance::product::Product;

use super::{csv_file, party_named, plain, word};
use crate::problem::Failure;

/// A closed month; with the viewer's invoices alone where one is given.
pub(crate) fn period(state: &State, period: &books::Period, viewer: Option<&PartyId>) -> Period {
    let seen = |billed: &&Billed| viewer.is_none_or(|viewer| billed.invoice.consumer == *viewer);
    let invoices = period.invoices.values().filter(seen);
    Period {
        id: period.close.id.to_string(),
        agreement: agreement_named(state, &period.close.agreement),
        month: period.close.month.to_string(),
        closed_at: period.at.to_string(),
        due: period.due.to_string(),
        invoices: invoices
            .map(|billed| invoice(state, billed, period.close.month))
            .collect(),
        revision: period.revision,
    }
}

fn invoice(state: &State, billed: &Billed, month: Month) -> Invoice {
    let shared = |(party, amount): (&PartyId, &gongshu_app::governance::money::Money)| SharedAmount {
        party: party_named(state, party),
        amount: amount.to_string(),
    };
    Invoice {
        subscription: billed.invoice.subscription.to_string(),
        product: product_named(state, &billed.invoice.subscription),
        consumer: party_named(state, &billed.invoice.consumer),
        calls: billed.invoice.calls,
        rows: billed.invoice.volume.rows,
        bytes: billed.invoice.volume.bytes,
        charging: charging(state, &billed.invoice.subscription),
        price_class: price_class(state, &billed.invoice.subscription),
        prices: prices(state, &billed.invoice.subscription, month),
        standing: billed.invoice.standing.to_string(),
        amount: billed.invoice.amount.to_string(),
        credited: billed.credited.to_string(),
        paid: billed.paid.to_string(),
        refunded: billed.refunded.to_string(),
        open: billed.open().to_string(),
        shares: billed.shares.iter().map(shared).collect(),
    }
}

fn product_of<'s>(state: &'s State, subscription: &SubscriptionId) -> Option<&'s Product> {
    let product = state.subscriptions.get(subscription).map(|it| &it.order.product);
    product.and_then(|id| state.products.get(id)).map(|product| &**product)
}

fn charging(state: &State, subscription: &SubscriptionId) -> String {
    let product = product_of(state, subscription);
    product.map_or_else(String::new, |product| product.charging.word().to_owned())
}

fn price_class(state: &State, subscription: &SubscriptionId) -> String {
    let scenario = product_of(state, subscription).map(|product| &product.submission.scenario);
    let scenario = scenario.and_then(|id| state.scenarios.get(id));
    scenario.map_or_else(String::new, |scenario| word(&scenario.application.price_class))
}

fn prices(state: &State, subscription: &SubscriptionId, month: Month) -> Vec<PriceFrom> {
    let Some((product, order)) = product_of(state, subscription).zip(state.subscriptions.get(subscription)) else {
        return vec![];
    };
    let paid = product.prices_on(order, month.days()).into_iter();
    let shown = |(from, price): (jiff::civil::Date, gongshu_app::governance::money::Money)| PriceFrom {
        from: from.to_string(),
        price: price.to_string(),
    };
    paid.map(shown).collect()
}

pub(super) fn product_named(state: &State, subscription: &SubscriptionId) -> Named {
    let product = state.subscriptions.get(subscription).map(|it| &it.order.product);
    let name = product
        .and_then(|id| state.products.get(id))
        .map(|it| it.submission.name.clone());
    Named {
        id: product.map_or_else(String::new, ToString::to_string),
        name: name.unwrap_or_default(),
    }
}

pub(super) fn agreement_named(state: &State, id: &AgreementId) -> Named {
    let title = state.agreements.get(id).map(|agreement| agreement.terms.title.clone());
    Named {
        id: id.to_string(),
        name: title.unwrap_or_default(),
    }
}

pub(crate) fn statement_line(state: &State, line: &books::StatementLine) -> StatementLine {
    let account = match line.side {
        Side::Owes => "owes",
        Side::Receives => "receives",
        Side::Holds => "holds",
    };
    StatementLine {
        at: line.at.to_string(),
        agreement: agreement_named(state, &line.agreement),
        period: line.period.to_string(),
        month: line.month.to_string(),
        kind: word(&line.kind),
        which: line.place.map(|place| place.which),
        reversed: line.reversed,
        reverses: line.reverses.map(|place| ReversedEntry {
            kind: word(&place.kind),
            which: place.which,
        }),
        account: account.to_owned(),
        subscription: line.subscription.as_ref().map_or_else(String::new, ToString::to_string),
        evidence: line.evidence.clone(),
        amount: line.amount.to_string(),
        balance: line.balance.to_string(),
    }
}

/// Columns of a statement's file.
const HEADS: [(&str, &str); 9] = [
    ("时间", "at"),
    ("授权协议", "agreement"),
    ("月份", "month"),
    ("事项", "kind"),
    ("科目", "account"),
    ("订购", "subscription"),
    ("证明或凭证", "evidence"),
    ("金额（元）", "amount_yuan"),
    ("余额（元）", "balance_yuan"),
];

/// Words of a statement in Chinese.
const WORDS: [(&str, &str); 10] = [
    ("invoice", "账单"),
    ("payment", "收款"),
    ("credit_note", "红字冲销"),
    ("refund", "退款"),
    ("payout", "分成支付"),
    ("return", "分成退回"),
    ("reversal", "冲正"),
    ("owes", "应付"),
    ("receives", "应收分成"),
    ("holds", "结算专户"),
];

/// A statement as CSV.
pub(crate) fn statement_csv(lines: &[StatementLine], chinese: bool) -> Result<String, Failure> {
    let said = |word: &str| {
        let known = WORDS.iter().find(|(known, _)| chinese && *known == word);
        known.map_or_else(|| word.to_owned(), |(_, zh)| (*zh).to_owned())
    };
    let heads = HEADS.map(|(zh, en)| if chinese { zh } else { en });
    let rows = lines.iter().map(|line| {
        [
            line.at.clone(),
            plain(&line.agreement.name),
            line.month.clone(),
            said(&line.kind),
            said(&line.account),
            line.subscription.clone(),
            plain(&line.evidence),
            line.amount.clone(),
            line.balance.clone(),
        ]
    });
    csv_file(&heads, rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_a_head_in_either_language_and_no_formula() {
        let line = StatementLine {
            at: "2026-11-02T00:00:00Z".to_owned(),
            agreement: Named {
                id: "agr_1".to_owned(),
                name: "整体授权协议".to_owned(),
            },
            period: "per_1".to_owned(),
            month: "2026-10".to_owned(),
            kind: "credit_note".to_owned(),
            which: None,
            reversed: false,
            reverses: None,
            account: "owes".to_owned(),
            subscription: "sub_1".to_owned(),
            evidence: "=1+1,\"x\"".to_owned(),
            amount: "-2.00".to_owned(),
            balance: "1.60".to_owned(),
        };
        let zh = statement_csv(std::slice::from_ref(&line), true).unwrap();
        assert!(zh.starts_with("\u{feff}时间,授权协议,"), "{zh}");
        assert!(
            zh.contains("红字冲销,应付,sub_1,\"'=1+1,\"\"x\"\"\",-2.00,1.60"),
            "{zh}"
        );
        let en = statement_csv(&[line], false).unwrap();
        assert!(en.contains("at,agreement,month,kind"), "{en}");
        assert!(en.contains("credit_note,owes"), "{en}");
    }
}
