//! Money is conserved and the books balance, for any calls, payments, refunds, corrections and payouts.

use std::collections::{BTreeMap, BTreeSet};

use gongshu_governance::Command;
use gongshu_governance::books::{
    Account, Books, ClosePeriod, CreditInvoice, EntryKind, MeteredUse, PayOut, Period, RecordPayment, RecordRefund,
    ReturnShare, ReverseEntry, Reversible, Side, Tally, metered_revenue, statement,
};
use gongshu_governance::identifier::{AgreementId, PartyId, PeriodId, SubscriptionId};
use gongshu_governance::money::{BasisPoints, Money};
use gongshu_governance::product::Volume;
use jiff::civil::date;
use proptest::prelude::*;
use serde_json::json;

use crate::altered::altered;
use crate::district::District;

const RECEIVERS: [&str; 3] = ["pty_operator", "pty_partner", "pty_agency"];

/// Something that may happen to the books; amounts in fen may well be too much.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Step {
    Pay(u8, i64),
    Credit(u8, i64),
    Refund(u8, i64),
    PayOut(u8, usize, i64),
    Return(u8, usize, i64),
    Reverse(u8, Reversible, u32),
}

const REVERSIBLE: [Reversible; 4] = [
    Reversible::Payment,
    Reversible::Refund,
    Reversible::Payout,
    Reversible::Return,
];

fn step() -> impl Strategy<Value = Step> {
    let (month, fen) = (1_u8..=2, 1_i64..3_000);
    prop_oneof![
        (month.clone(), fen.clone()).prop_map(|(month, fen)| Step::Pay(month, fen)),
        (month.clone(), fen.clone()).prop_map(|(month, fen)| Step::Credit(month, fen)),
        (month.clone(), fen.clone()).prop_map(|(month, fen)| Step::Refund(month, fen)),
        (month.clone(), 0..RECEIVERS.len(), fen.clone())
            .prop_map(|(month, party, fen)| Step::PayOut(month, party, fen)),
        (month.clone(), 0..RECEIVERS.len(), fen).prop_map(|(month, party, fen)| Step::Return(month, party, fen)),
        (month, prop::sample::select(&REVERSIBLE), 1_u32..5)
            .prop_map(|(month, kind, which)| Step::Reverse(month, kind, which)),
    ]
}

impl Step {
    pub(crate) fn command(self) -> Command {
        let (subscription, text) = (SubscriptionId::new("sub_1"), "凭证".to_owned());
        let period = |month: u8| PeriodId::new(format!("per_{month}"));
        match self {
            Self::Pay(month, fen) => Command::RecordPayment(RecordPayment {
                period: period(month),
                subscription,
                amount: Money::from_fen(fen),
                evidence: text,
            }),
            Self::Credit(month, fen) => Command::CreditInvoice(CreditInvoice {
                period: period(month),
                subscription,
                amount: Money::from_fen(fen),
                reason: text,
            }),
            Self::Refund(month, fen) => Command::RecordRefund(RecordRefund {
                period: period(month),
                subscription,
                amount: Money::from_fen(fen),
                evidence: text,
            }),
            Self::PayOut(month, party, fen) => Command::PayOut(PayOut {
                period: period(month),
                party: PartyId::new(RECEIVERS[party]),
                amount: Money::from_fen(fen),
                evidence: text,
            }),
            Self::Return(month, party, fen) => Command::ReturnShare(ReturnShare {
                period: period(month),
                party: PartyId::new(RECEIVERS[party]),
                amount: Money::from_fen(fen),
                evidence: text,
            }),
            Self::Reverse(month, kind, which) => Command::ReverseEntry(ReverseEntry {
                period: period(month),
                kind,
                which,
                reason: "重复登记".to_owned(),
                evidence: text,
            }),
        }
    }
}

/// The tally of calls with these fees in fen, each split as the agreement says.
fn tally(month: u8, fees: &[i64]) -> Tally {
    let mut tally = Tally::default();
    let parts = [7_000, 2_000, 1_000].map(BasisPoints);
    let parties = RECEIVERS.map(PartyId::new);
    for fee in fees {
        let fee = Money::from_fen(*fee);
        let split = parties.iter().zip(fee.split(&parts));
        let month = format!("2026-0{month}").parse().unwrap();
        tally
            .add(month, &SubscriptionId::new("sub_1"), (1, Volume::default()), fee, split)
            .unwrap();
    }
    tally
}

pub(crate) fn close(district: &mut District, month: u8, fees: &[i64]) {
    let agreement = AgreementId::new("agr_1");
    let of = format!("2026-0{month}").parse().unwrap();
    let uses = tally(month, fees).uses(&district.state, &agreement, of);
    let close = ClosePeriod {
        id: PeriodId::new(format!("per_{month}")),
        agreement,
        month: of,
        uses,
    };
    district.must("pty_operator", &Command::ClosePeriod(Box::new(close)));
}

pub(crate) fn period(district: &District, month: u8) -> &Period {
    district
        .state
        .periods
        .get(&PeriodId::new(format!("per_{month}")))
        .unwrap()
}

/// What holds of any books, whatever happened.
fn check(district: &District) -> Result<(), TestCaseError> {
    let books = district.state.books.get(&AgreementId::new("agr_1")).unwrap();
    let total: Money = books.balances().values().copied().sum();
    prop_assert_eq!(total, Money::ZERO);
    prop_assert!(books.cash() >= Money::ZERO);
    let mut moved: BTreeMap<&Account, Money> = BTreeMap::new();
    for transfer in books.entries().flat_map(|entry| &entry.transfers) {
        prop_assert!(transfer.amount > Money::ZERO);
        let debit = moved.entry(&transfer.debit).or_default();
        *debit = *debit + transfer.amount;
        let credit = moved.entry(&transfer.credit).or_default();
        *credit = *credit - transfer.amount;
    }
    for (account, balance) in books.balances() {
        prop_assert_eq!(moved.get(account), Some(balance));
    }
    let billed = || {
        district
            .state
            .periods
            .values()
            .flat_map(|period| period.invoices.values())
    };
    for invoice in billed() {
        prop_assert_eq!(invoice.shares.values().copied().sum::<Money>(), invoice.net());
        prop_assert!(invoice.shares.values().all(|share| *share >= Money::ZERO));
        prop_assert!(
            invoice.paid >= invoice.refunded,
            "no more goes back than came in: {:?}",
            invoice
        );
    }
    let open: Money = billed().map(gongshu_governance::books::Billed::open).sum();
    let owes = books.balances().get(&Account::Receivable(PartyId::new("pty_bank")));
    prop_assert_eq!(owes.copied().unwrap_or_default(), open);
    prop_assert!(books.received().values().all(|received| *received >= Money::ZERO));
    reversals(books)?;
    // Every party's statement ends with what the books say.
    for receiver in RECEIVERS.map(PartyId::new) {
        let lines = statement(&district.state, &receiver);
        let last = lines.iter().rev().find(|line| line.side == Side::Receives);
        prop_assert_eq!(last.map_or(Money::ZERO, |line| line.balance), books.owed(&receiver));
    }
    Ok(())
}

/// Each reversal is the opposite of an entry that is still there, and no entry has two.
fn reversals(books: &Books) -> Result<(), TestCaseError> {
    let mut seen = BTreeSet::new();
    for reversal in books.entries() {
        let Some(place) = reversal.reverses else { continue };
        let wrong = books.at(&reversal.period, place).unwrap();
        prop_assert_eq!(wrong.kind.reversible(), Some(place.kind));
        prop_assert_eq!(
            (&wrong.subscription, wrong.amount()),
            (&reversal.subscription, reversal.amount())
        );
        let [there, back] = [wrong, reversal].map(|entry| &entry.transfers[0]);
        prop_assert_eq!((&there.debit, &there.credit), (&back.credit, &back.debit));
        prop_assert!(seen.insert((&reversal.period, place)), "{:?} twice", place);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn books_balance_whatever_happens(
        fees in prop::collection::vec(prop::collection::vec(0_i64..500, 0..12), 2),
        steps in prop::collection::vec(step(), 0..60),
    ) {
        let (mut district, ..) = District::before("books.close");
        for (month, fees) in (1..).zip(&fees) {
            close(&mut district, month, fees);
        }
        for step in steps {
            let before = district.events.len();
            if let Err(refusal) = district.act("pty_operator", &step.command()) {
                prop_assert!(["books.balance", "books.reversal", "record.unknown"].contains(&refusal.rule.as_str()), "{:?}", refusal);
                prop_assert_eq!(district.events.len(), before);
            }
            check(&district)?;
        }
        let charged: i64 = fees.iter().flatten().sum();
        let credited: Money = district.state.periods.values().flat_map(|it| it.invoices.values()).map(|it| it.credited).sum();
        let metered = metered_revenue(&district.state, &AgreementId::new("agr_1"), date(2026, 1, 1), date(2026, 3, 31));
        prop_assert_eq!(metered, Some(Money::from_fen(charged) - credited));
    }

    #[test]
    fn what_is_apportioned_adds_up_and_no_part_is_too_large(weights in prop::collection::vec(0_i64..10_000, 1..6), portion in 0_u64..=100) {
        let weights: Vec<Money> = weights.into_iter().map(Money::from_fen).collect();
        let whole: Money = weights.iter().copied().sum();
        let amount = Money::from_fen(whole.fen() * i64::try_from(portion).unwrap() / 100);
        let parts = amount.apportion(&weights);
        prop_assert_eq!(parts.iter().copied().sum::<Money>(), amount);
        prop_assert!(parts.iter().zip(&weights).all(|(part, weight)| part <= weight && *part >= Money::ZERO));
    }
}

#[test]
fn a_month_of_free_use_is_closed_without_an_invoice() {
    let (mut district, ..) = District::before("books.close");
    close(&mut district, 1, &[0, 0]);
    let period = period(&district, 1);
    assert_eq!((period.close.uses[0].calls, period.invoices.len()), (2, 0));
    assert_eq!(district.state.books.values().next().unwrap().entries().count(), 0);
}

#[test]
fn a_credit_after_the_payout_is_recovered_from_what_comes_next() {
    let (mut district, ..) = District::before("books.close");
    close(&mut district, 1, &[1_000]);
    for step in [
        Step::Pay(1, 1_000),
        Step::PayOut(1, 1, 200),
        Step::Credit(1, 1_000),
        Step::Refund(1, 800),
    ] {
        district.must("pty_operator", &step.command());
    }
    // The partner has had two yuan that are no longer its own; eight are refunded, for no more is held.
    let refusal = district
        .act("pty_operator", &Step::Refund(1, 200).command())
        .unwrap_err();
    assert_eq!(refusal.rule, "books.balance");
    close(&mut district, 2, &[1_500]);
    district.must("pty_operator", &Step::Pay(2, 1_500).command());
    district.must("pty_operator", &Step::Refund(1, 200).command());
    let refusal = district
        .act("pty_operator", &Step::PayOut(2, 1, 101).command())
        .unwrap_err();
    assert_eq!(refusal.rule, "books.balance");
    district.must("pty_operator", &Step::PayOut(2, 1, 100).command());
}

#[test]
fn settlement_rests_on_what_was_metered() {
    let (mut district, agency, settle) = District::before("revenue.settle");
    // 3.60 charged, 2.00 credited: no less than 1.60 was earned.
    let stated = |earned: &str| {
        let mut command = serde_json::to_value(&settle).unwrap();
        command["of"]["earned"] = earned.into();
        serde_json::from_value::<Command>(command).unwrap()
    };
    let refusal = district.decide(agency, &stated("1.59")).unwrap_err();
    assert_eq!(refusal.rule, "revenue.metered");
    assert!(refusal.message.en.contains("1.60"), "{refusal:?}");
    district.must(agency, &stated("1.60"));
}

#[test]
fn a_consumer_sees_what_it_owes_and_the_operator_what_it_holds() {
    let (district, ..) = District::before("agreement.amend");
    let lines = statement(&district.state, &PartyId::new("pty_bank"));
    let told: Vec<_> = lines
        .iter()
        .map(|line| (line.kind, line.amount.to_string(), line.balance.to_string()))
        .collect();
    let expected = [
        (EntryKind::Invoice, "3.60", "3.60"),
        (EntryKind::Payment, "-3.60", "0.00"),
        (EntryKind::CreditNote, "-2.00", "-2.00"),
        (EntryKind::Refund, "2.00", "0.00"),
    ];
    assert_eq!(
        told,
        expected.map(|(kind, amount, balance)| (kind, amount.to_owned(), balance.to_owned()))
    );
    let held = statement(&district.state, &PartyId::new("pty_operator"));
    let held = held.iter().rev().find(|line| line.side == Side::Holds).unwrap();
    assert_eq!(held.balance.to_string(), "1.20");
    assert!(statement(&district.state, &PartyId::new("pty_market")).is_empty());
}

#[test]
fn use_of_another_agreement_or_counted_twice_is_refused() {
    let (district, operator, command) = District::before("books.close");
    let Command::ClosePeriod(close) = &command else {
        panic!("{command:?}")
    };
    let with = |uses: Vec<MeteredUse>| {
        Command::ClosePeriod(Box::new(ClosePeriod {
            uses,
            ..(**close).clone()
        }))
    };
    let twice = with([close.uses.clone(), close.uses.clone()].concat());
    assert_eq!(district.decide(operator, &twice).unwrap_err().rule, "record.input");
    assert!(district.decide(operator, &with(Vec::new())).is_ok());
}

/// The partner shares no more; what it was owed before is paid out to the fen, and nothing beyond.
#[test]
fn a_party_that_shares_no_more_is_paid_what_it_is_owed() {
    let (mut district, ..) = District::before("books.close");
    close(&mut district, 1, &[1_000]);
    district.must("pty_operator", &Step::Pay(1, 1_000).command());
    let (agency, amend) = amendment();
    district.must(agency, &amend);
    let waiting = district.state.agreements[&AgreementId::new("agr_1")].waiting().unwrap();
    let (_, operator, accept) = District::before("agreement.accept");
    let accept = altered(&accept, &[("/of/terms_sha256", json!(waiting.sha256()))]);
    district.must(operator, &accept);
    let much = Step::PayOut(1, 1, 201).command();
    assert_eq!(
        district.decide("pty_operator", &much).unwrap_err().rule,
        "books.balance"
    );
    district.must("pty_operator", &Step::PayOut(1, 1, 200).command());
    let more = Step::PayOut(1, 1, 1).command();
    assert_eq!(district.decide("pty_operator", &more).unwrap_err().rule, "charge.party");
}

/// An amendment by which operator and agency share alone.
fn amendment() -> (&'static str, Command) {
    let (_, agency, amend) = District::before("agreement.amend");
    let shares = json!([{"party": "pty_operator", "share": 9_000}, {"party": "pty_agency", "share": 1_000}]);
    (agency, altered(&amend, &[("/of/shares", shares)]))
}
