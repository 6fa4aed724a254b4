//! A reversal: an entry of its own, once, by another person, and nothing that rests on what is reversed.

use gongshu_governance::books::{EntryKind, Place, ReverseEntry, Reversible, Side, statement};
use gongshu_governance::identifier::{PartyId, PeriodId, PersonId};
use gongshu_governance::money::Money;
use gongshu_governance::{Actor, Command, Event, Refusal};

use crate::books::{Step, close, period};
use crate::district::{CALENDAR, District, NATIONAL, rules, rules_of};

const CASHIER: &str = "psn_pty_operator";

/// The books of January: ten yuan are charged, of which the partner has two.
fn charged() -> District {
    let (mut district, ..) = District::before("books.close");
    close(&mut district, 1, &[1_000]);
    district
}

fn done(steps: &[Step]) -> District {
    let mut district = charged();
    for step in steps {
        district.must("pty_operator", &step.command());
    }
    district
}

fn refused(district: &District, step: Step) -> Refusal {
    district.decide("pty_operator", &step.command()).unwrap_err()
}

fn by(district: &District, person: Option<&str>, command: &Command) -> Result<Vec<Event>, Refusal> {
    let actor = Actor {
        party: PartyId::new("pty_operator"),
        person: person.map(PersonId::new),
    };
    district.decide_as(&actor, command)
}

fn rule(outcome: Result<Vec<Event>, Refusal>) -> String {
    outcome.err().map_or_else(String::new, |refusal| refusal.rule)
}

#[test]
fn a_mistyped_payment_is_reversed_and_recorded_anew_and_the_journal_keeps_all_three() {
    let mut district = done(&[Step::Pay(1, 900)]);
    let books = |district: &District| {
        district
            .state
            .books
            .values()
            .next()
            .unwrap()
            .entries()
            .cloned()
            .collect::<Vec<_>>()
    };
    let before = books(&district);
    district.must("pty_operator", &Step::Reverse(1, Reversible::Payment, 1).command());
    let after = books(&district);
    assert_eq!(after[..before.len()], before, "nothing on record is changed");
    let [reversal] = &after[before.len()..] else {
        panic!("{after:?}")
    };
    let place = Place {
        kind: Reversible::Payment,
        which: 1,
    };
    assert_eq!((reversal.kind, reversal.reverses), (EntryKind::Reversal, Some(place)));
    assert_eq!(reversal.evidence, "重复登记；凭证");
    let billed = period(&district, 1).invoices.values().next().unwrap().clone();
    assert_eq!(
        (billed.paid, billed.open().to_string()),
        (Money::ZERO, "10.00".to_owned())
    );
    district.must("pty_operator", &Step::Pay(1, 1_000).command());

    let lines = statement(&district.state, &PartyId::new("pty_operator"));
    let held = lines.iter().filter(|line| line.side == Side::Holds);
    let told: Vec<_> = held
        .map(|line| {
            (
                line.kind,
                line.place.map(|it| it.which),
                line.reversed,
                line.reverses,
                line.balance.fen(),
            )
        })
        .collect();
    let expected = [
        (EntryKind::Payment, Some(1), true, None, 900),
        (EntryKind::Reversal, None, false, Some(place), 0),
        (EntryKind::Payment, Some(2), false, None, 1_000),
    ];
    assert_eq!(told, expected);
}

#[test]
fn each_kind_is_reversed_and_the_money_is_where_it_was() {
    let paid = [Step::Pay(1, 1_000)];
    let credited = [Step::Pay(1, 1_000), Step::Credit(1, 400)];
    let owing = [Step::Pay(1, 1_000), Step::PayOut(1, 1, 200), Step::Credit(1, 500)];
    let table: [(&[Step], Step, Reversible); 4] = [
        (&[], Step::Pay(1, 300), Reversible::Payment),
        (&credited, Step::Refund(1, 400), Reversible::Refund),
        (&paid, Step::PayOut(1, 1, 150), Reversible::Payout),
        (&owing, Step::Return(1, 1, 100), Reversible::Return),
    ];
    for (before, wrong, kind) in table {
        let mut district = done(before);
        let balances = |district: &District| {
            let books = district.state.books.values().next().unwrap();
            let all = books.balances().iter().filter(|(_, balance)| **balance != Money::ZERO);
            all.map(|(account, balance)| (account.clone(), *balance))
                .collect::<Vec<_>>()
        };
        let invoice = |district: &District| period(district, 1).invoices.clone();
        let was = (balances(&district), invoice(&district));
        district.must("pty_operator", &wrong.command());
        district.must("pty_operator", &Step::Reverse(1, kind, 1).command());
        assert_eq!((balances(&district), invoice(&district)), was, "{kind:?}");
        let again = refused(&district, Step::Reverse(1, kind, 1));
        assert_eq!(again.rule, "books.reversal");
        assert!(again.message.zh.contains("已经冲正"), "{again:?}");
    }
}

#[test]
fn what_rests_on_an_entry_is_reversed_first() {
    let table: [(&[Step], Step, &str, &str); 4] = [
        (
            &[Step::Pay(1, 1_000), Step::Credit(1, 400), Step::Refund(1, 400)],
            Step::Reverse(1, Reversible::Payment, 1),
            "已退款 4.00 元，冲正后收款只有 0.00 元",
            "先冲正该账单的退款",
        ),
        (
            &[Step::Pay(1, 1_000), Step::PayOut(1, 1, 200)],
            Step::Reverse(1, Reversible::Payment, 1),
            "结算专户余额为 8.00 元，不足冲回 10.00 元",
            "先冲正有误的分成支付",
        ),
        (
            &[
                Step::Pay(1, 1_000),
                Step::PayOut(1, 1, 200),
                Step::Credit(1, 500),
                Step::Return(1, 1, 100),
            ],
            Step::Reverse(1, Reversible::Payout, 1),
            "将比所得多 1.00 元",
            "先冲正该单位的分成退回",
        ),
        (
            &[
                Step::Pay(1, 1_000),
                Step::PayOut(1, 1, 200),
                Step::Credit(1, 500),
                Step::Return(1, 1, 100),
                Step::Refund(1, 500),
                Step::PayOut(1, 0, 350),
            ],
            Step::Reverse(1, Reversible::Return, 1),
            "不足冲回 1.00 元",
            "先冲正有误的分成支付或退款",
        ),
    ];
    for (steps, reverse, message, remedy) in table {
        let refusal = refused(&done(steps), reverse);
        assert_eq!(refusal.rule, "books.reversal");
        assert!(refusal.message.zh.contains(message), "{refusal:?}");
        assert!(refusal.remedy.zh.contains(remedy), "{refusal:?}");
    }
    // As the refusals say: the refund first, then the payment.
    let mut district = done(&[Step::Pay(1, 1_000), Step::Credit(1, 400), Step::Refund(1, 400)]);
    for kind in [Reversible::Refund, Reversible::Payment] {
        district.must("pty_operator", &Step::Reverse(1, kind, 1).command());
    }
    assert_eq!(
        period(&district, 1)
            .invoices
            .values()
            .next()
            .unwrap()
            .open()
            .to_string(),
        "6.00"
    );
}

#[test]
fn the_books_of_a_closed_exit_stay_as_they_were_settled() {
    let (mut district, agency, finish) = District::before("exit.close");
    // While the exit is open, what was wrong is put right, and the exit waits until nobody owes.
    let entry = || {
        Command::ReverseEntry(ReverseEntry {
            period: PeriodId::new("per_1"),
            kind: Reversible::Payout,
            which: 3,
            reason: "收款单位录错".to_owned(),
            evidence: "红字凭证第 2 号".to_owned(),
        })
    };
    let mut open = district.clone();
    open.must("pty_operator", &entry());
    let refusal = open.decide(agency, &finish).unwrap_err();
    assert_eq!(refusal.rule, "exit.settlement");
    district.must(agency, &finish);
    let refusal = district.decide("pty_operator", &entry()).unwrap_err();
    assert_eq!(refusal.rule, "books.reversal");
    assert!(refusal.message.zh.contains("退出已办结"), "{refusal:?}");
}

#[test]
fn whoever_recorded_an_entry_does_not_reverse_it() {
    let mut district = done(&[Step::Pay(1, 1_000), Step::Credit(1, 400), Step::Refund(1, 400)]);
    district.must("pty_operator", &Step::PayOut(1, 1, 50).command());
    let reverse = |kind| Step::Reverse(1, kind, 1).command();
    // The cashier recorded the payment, another the refund, of one invoice: each may reverse what the other did.
    let refund = reverse(Reversible::Refund);
    assert_eq!(rule(by(&district, Some(CASHIER), &refund)), "");
    assert_eq!(
        rule(by(&district, Some("psn_pty_operator_second"), &refund)),
        "power.four-eyes"
    );
    let payout = reverse(Reversible::Payout);
    let refusal = by(&district, Some(CASHIER), &payout).unwrap_err();
    assert_eq!(refusal.rule, "power.four-eyes");
    assert!(refusal.message.zh.contains("支付分成"), "{refusal:?}");
    assert_eq!(
        rule(by(&district, None, &payout)),
        "power.four-eyes",
        "nobody knows whose hand a machine is"
    );
    assert_eq!(rule(by(&district, Some("psn_pty_operator_second"), &payout)), "");
    // The payout of another party is a line of its own.
    district.must("pty_operator", &Step::PayOut(1, 2, 50).command());
    for person in [CASHIER, "psn_pty_operator_second"] {
        let other = Step::Reverse(1, Reversible::Payout, 2).command();
        let expected = if person == CASHIER { "power.four-eyes" } else { "" };
        assert_eq!(rule(by(&district, Some(person), &other)), expected);
    }
}

#[test]
fn by_key_alone_nothing_is_recorded_and_reversed() {
    let mut district = charged();
    for event in by(&district, None, &Step::Pay(1, 1_000).command()).unwrap() {
        district.happened(event);
    }
    let reverse = Step::Reverse(1, Reversible::Payment, 1).command();
    let refusal = by(&district, None, &reverse).unwrap_err();
    assert_eq!(refusal.rule, "power.four-eyes");
    assert!(refusal.message.zh.contains("接口密钥"), "{refusal:?}");
    assert_eq!(rule(by(&district, Some(CASHIER), &reverse)), "");
}

#[test]
fn only_the_operator_reverses_and_under_its_own_agreement() {
    let district = done(&[Step::Pay(1, 1_000)]);
    let reverse = Step::Reverse(1, Reversible::Payment, 1).command();
    for party in ["pty_agency", "pty_bank", "pty_partner", "pty_supervisor"] {
        let refusal = district.decide(party, &reverse).unwrap_err();
        assert_eq!(refusal.rule, "charge.party", "{party}");
    }
}

/// Records of before this are decided again by the packs of then, which name no such pair.
#[test]
fn packs_that_keep_nobody_from_reversing_leave_payments_as_they_were() {
    let lines: Vec<&str> = NATIONAL
        .lines()
        .filter(|line| !line.contains(">books.reverse"))
        .collect();
    assert_eq!(NATIONAL.lines().count() - lines.len(), 4);
    let before = rules_of(&[&lines.join("\n"), CALENDAR]);
    let (mut district, payment) = (charged(), Step::Pay(1, 1_000).command());
    let paid = |rules| district.decide_under(rules, "pty_operator", &payment).unwrap();
    assert_eq!(paid(&before).len(), 1, "nothing is filed");
    assert_eq!(paid(rules()).len(), 2);
    let events = paid(&before);
    for event in events {
        district.happened(event);
    }
    // Nobody knows any more who recorded it, so anybody of the operator may reverse it.
    let reverse = Step::Reverse(1, Reversible::Payment, 1).command();
    assert_eq!(rule(by(&district, Some(CASHIER), &reverse)), "");
}
