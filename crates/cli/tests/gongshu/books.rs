//! A month of the books, from the calls on record to the payout, and what an audit says of it.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use gongshu_app::governance::books::{
    Account, ClosePeriod, EntryKind, Month, PayOut, RecordPayment, ReverseEntry, statement,
};
use gongshu_app::governance::identifier::{AgreementId, PartyId, PeriodId, PersonId};
use gongshu_app::governance::money::Money;
use gongshu_app::governance::{Actor, Command};
use gongshu_app::ledger::NoteSigner;
use gongshu_app::vault::{Cipher, FileKeyService, VERSION_BYTES_MAX, VaultPlace};
use gongshu_app::{Clock, District, Entropy, Opening};
use jiff::{Timestamp, ToSpan};
use serde_json::json;

use crate::served::{Client, Served};
use crate::sheets;

const PACKS: [&str; 3] = [
    include_str!("../../../../rules/national.toml"),
    include_str!("../../../../rules/calendar.toml"),
    include_str!("../../../../rules/longhua.toml"),
];

/// A clock that is so many days ahead.
pub(crate) struct Ahead(i64);

/// The clock of a district in so many days.
pub(crate) fn ahead(days: i64) -> Ahead {
    Ahead(days)
}

impl Clock for Ahead {
    fn now(&self) -> Timestamp {
        Timestamp::now() + (self.0 * 24).hours()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_month_is_closed_from_its_calls_paid_and_paid_out_and_the_audit_adds_it_up_again() {
    let mut served = Served::start();
    let operator = served.person("operator").await;
    let (bank, agreements) = (served.person("bank").await, operator.get("agreements").await.ok());
    let agreement = agreements["items"][0]["id"].as_str().unwrap().to_owned();
    let month = Month::at(Timestamp::now());
    let close = json!({"agreement": agreement, "month": month.to_string()});
    operator
        .act("close_period", close.clone())
        .await
        .refused_by(422, "books.period");
    bank.act("close_period", close).await.refused_by(403, "charge.party");
    assert_eq!(operator.get("periods").await.ok()["items"], json!([]));
    let metered = before_the_close(&operator, &bank).await;
    served.kill();

    let charged = Money::from_fen(served.audit().unwrap()["charged_fen"].as_i64().unwrap());
    assert!(charged > Money::ZERO, "the demo charges");
    assert_eq!(
        metered, charged,
        "what is metered and not invoiced is what calls have charged"
    );
    let district = opened(&served.data(), ahead(40)).await;
    let agent = Actor {
        party: PartyId::new(operator.party["id"].as_str().unwrap()),
        person: None,
    };
    for month in [month, Month::at(Timestamp::now())].into_iter().take_while(not_again()) {
        let id = PeriodId::new(format!("per_{month}"));
        let agreement = AgreementId::new(&agreement);
        let close = ClosePeriod {
            id,
            agreement,
            month,
            uses: Vec::new(),
        };
        district.close_period(agent.clone(), close.clone(), None).await.unwrap();
        let again = district.close_period(agent.clone(), close, None).await.unwrap_err();
        assert!(format!("{again:?}").contains("record.duplicate"), "{again:?}");
    }
    settle(&district, &agent, charged).await;
    let wrong = reverse(&district, &agent).await;
    drop(district);
    served.audit().unwrap();

    served.restart();
    let operator = served.person("operator").await;
    let shown = operator.get("periods").await.ok();
    assert_eq!(shown["items"][0]["invoices"][0]["open"], "0.00", "{shown}");
    let settled = operator.get("settlements").await.ok()["items"][0].clone();
    let total = charged.to_string();
    assert_eq!(
        (
            &settled["metered"],
            &settled["open"],
            &settled["held"],
            &settled["final"]
        ),
        (&json!("0.00"), &json!("0.00"), &json!("0.00"), &json!(true))
    );
    assert_eq!((&settled["paid"], &settled["paid_out"]), (&json!(total), &json!(total)));
    let (bank, abroad) = (served.person("bank").await, served.person("bank-hk").await);
    let own = |client: &Client| format!("parties/{}/statement", client.party["id"].as_str().unwrap());
    let billed = invoiced(&bank.get(&own(&bank)).await.ok());
    assert_eq!(billed + invoiced(&abroad.get(&own(&abroad)).await.ok()), charged);
    bank.get(&own(&operator)).await.refused_by(403, "power.act");
    assert_eq!(bank.get("settlements").await.ok()["items"], json!([]));
    assert_eq!(bank.get("metering").await.ok()["items"], json!([]));

    let paper = format!("periods/{}/document", shown["items"][0]["id"].as_str().unwrap());
    sheets::says(&operator, &paper, &["公共数据运营服务费月度结算单", "收益分配", &total]).await;
    reversed(&operator, &own(&operator), &wrong).await;
    let billed = billed.to_string();
    sheets::says(&bank, &paper, &["公共数据运营服务费账单", &billed]).await;
    sheets::says(&bank, &format!("{}/document", own(&bank)), &["往来明细", &billed]).await;
}

/// What is metered and not invoiced: in sum for the operator, its own for a consumer.
async fn before_the_close(operator: &Client, bank: &Client) -> Money {
    let settlement = operator.get("settlements").await.ok()["items"][0].clone();
    assert_eq!(
        (&settlement["invoiced"], &settlement["final"]),
        (&json!("0.00"), &json!(false))
    );
    assert_eq!(settlement["next_close"]["ready"], false, "{settlement}");
    let sum = |uses: serde_json::Value| -> Money {
        let uses = uses["items"].as_array().unwrap().clone();
        uses.iter()
            .map(|it| it["fee"].as_str().unwrap().parse::<Money>().unwrap())
            .sum()
    };
    let all = sum(operator.get("metering").await.ok());
    let own = sum(bank.get("metering").await.ok());
    assert!(Money::ZERO < own && own < all, "{own} of {all}");
    assert_eq!(settlement["metered"], all.to_string());
    all
}

/// What a statement says was invoiced; nothing is left to be paid.
fn invoiced(statement: &serde_json::Value) -> Money {
    let lines = statement["items"].as_array().unwrap();
    assert_eq!(lines.last().unwrap()["balance"], "0.00", "{lines:?}");
    let invoiced = lines.iter().filter(|line| line["kind"] == "invoice");
    invoiced
        .map(|line| line["amount"].as_str().unwrap().parse::<Money>().unwrap())
        .sum()
}

/// The same month twice is one month; two where the test began in another.
fn not_again() -> impl FnMut(&Month) -> bool {
    let mut seen = Vec::new();
    move |month| {
        let new = !seen.contains(month);
        seen.push(*month);
        new
    }
}

/// Every invoice is paid, every share paid out: nothing is left, and no fen is anywhere else.
async fn settle(district: &District, operator: &Actor, charged: Money) {
    let periods = district.snapshot().state.periods.clone();
    let evidence = "银行回单第 1 号".to_owned();
    let act = |command| district.act(operator.clone(), command, None);
    let mut invoiced = Money::ZERO;
    for (id, period) in &periods {
        for (subscription, billed) in &period.invoices {
            invoiced = invoiced + billed.invoice.amount;
            let pay = |amount| {
                Command::RecordPayment(RecordPayment {
                    period: id.clone(),
                    subscription: subscription.clone(),
                    amount,
                    evidence: evidence.clone(),
                })
            };
            act(pay(billed.open() + Money::from_fen(1))).await.unwrap_err();
            act(pay(billed.open())).await.unwrap();
        }
        let books = |state: &gongshu_app::governance::State| state.books[&period.close.agreement].clone();
        let shares = period
            .invoices
            .values()
            .flat_map(|billed| billed.shares.keys().cloned());
        for party in shares.collect::<std::collections::BTreeSet<_>>() {
            let amount = books(&district.snapshot().state).owed(&party);
            let payout = PayOut {
                period: id.clone(),
                party,
                amount,
                evidence: evidence.clone(),
            };
            act(Command::PayOut(payout)).await.unwrap();
        }
    }
    let state = &district.snapshot().state;
    assert_eq!(invoiced, charged);
    for books in state.books.values() {
        assert_eq!(books.cash(), Money::ZERO);
        assert_eq!(books.balances().values().copied().sum::<Money>(), Money::ZERO);
    }
    assert!(!statement(state, &operator.party).is_empty());
}

/// The newest payout is reversed by a person, since a key recorded it, and recorded anew.
async fn reverse(district: &District, key: &Actor) -> PayOut {
    let state = &district.snapshot().state;
    let books = state.books.values().next().unwrap();
    let (place, entry) = books
        .placed()
        .filter(|(_, entry)| entry.kind == EntryKind::Payout)
        .last()
        .unwrap();
    let place = place.unwrap();
    let reverse = Command::ReverseEntry(ReverseEntry {
        period: entry.period.clone(),
        kind: place.kind,
        which: place.which,
        reason: "收款单位录错".to_owned(),
        evidence: "红字凭证第 1 号".to_owned(),
    });
    let refused = district.act(key.clone(), reverse.clone(), None).await.unwrap_err();
    assert!(format!("{refused:?}").contains("power.four-eyes"), "{refused:?}");
    let person = Actor {
        person: Some(PersonId::new("psn_accountant")),
        ..key.clone()
    };
    district.act(person.clone(), reverse.clone(), None).await.unwrap();
    let again = district.act(person, reverse, None).await.unwrap_err();
    assert!(format!("{again:?}").contains("books.reversal"), "{again:?}");
    let held = district.snapshot().state.books.values().next().unwrap().cash();
    assert_eq!(held, entry.amount());
    let Account::Share(party) = &entry.transfers[0].debit else {
        panic!("{entry:?}");
    };
    let payout = PayOut {
        period: entry.period.clone(),
        party: party.clone(),
        amount: entry.amount(),
        evidence: "银行回单第 2 号".to_owned(),
    };
    let anew = Command::PayOut(payout.clone());
    district.act(key.clone(), anew, None).await.unwrap();
    payout
}

/// The statement says which entry was reversed and by which, and whom it concerned has a notice.
async fn reversed(operator: &Client, statement: &str, wrong: &PayOut) {
    let lines = operator.get(statement).await.ok()["items"].as_array().unwrap().clone();
    let held: Vec<_> = lines.iter().filter(|line| line["account"] == "holds").collect();
    let [.., first, reversal, anew] = &held[..] else {
        panic!("{held:?}");
    };
    assert_eq!((&first["kind"], &first["reversed"]), (&json!("payout"), &json!(true)));
    let which = first["which"].as_u64().unwrap();
    assert_eq!(reversal["kind"], "reversal");
    assert_eq!(reversal["reverses"], json!({"kind": "payout", "which": which}));
    assert_eq!(reversal["amount"], wrong.amount.to_string());
    assert_eq!((&anew["which"], &anew["reversed"]), (&json!(which + 1), &json!(false)));
    sheets::says(
        operator,
        &format!("{statement}/document"),
        &["已冲正", "红字凭证第 1 号"],
    )
    .await;
    let notices = operator.get(&format!("notices?thing={}", wrong.period)).await.ok();
    let titles: Vec<_> = notices["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["title"]["zh"])
        .collect();
    assert!(titles.contains(&&json!("冲正通知单")), "{notices}");
}

/// The district of this folder, as this clock has it.
pub(crate) async fn opened(data: &Path, clock: Ahead) -> District {
    let secret = fs::read_to_string(data.join("log.key")).unwrap();
    let opening = Opening {
        name: "示范区".to_owned(),
        store_url: format!("sqlite://{}", data.join("district.db").display()),
        vault: VaultPlace::Folder(data.join("vault")),
        version_bytes_max: VERSION_BYTES_MAX,
        site_lock: data.join("vault.lock"),
        saved_state: None,
        keys: Arc::new(
            FileKeyService::open_or_create(&data.join("master.key"), Cipher::Aes256Gcm, &mut rand::rng()).unwrap(),
        ),
        packs: PACKS.map(str::to_owned).to_vec(),
        signer: NoteSigner::from_secret_text(secret.trim()).unwrap(),
        clock: Arc::new(clock),
        entropy: Entropy::from_system(),
        cluster: None,
        address: None,
        engine: gongshu_app::engine::Config::default(),
    };
    District::open(opening).await.unwrap()
}
