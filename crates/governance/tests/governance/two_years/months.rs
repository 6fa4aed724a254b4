//! Months of calls: each is authorized, counted and charged; each month is closed, paid and paid out.

use std::collections::{BTreeMap, BTreeSet};

use gongshu_governance::authorization::{CallRequest, Usage};
use gongshu_governance::books::{ClosePeriod, Month, PayOut, RecordPayment, Tally, metered_revenue};
use gongshu_governance::identifier::{AgreementId, PartyId, PeriodId, ProductId, SubscriptionId};
use gongshu_governance::money::Money;
use gongshu_governance::{Actor, Command, authorize};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use serde_json::json;

use super::begin::BANKS;
use super::{Life, MONTHS, PRODUCTS};
use crate::district::{PURPOSE, actor, powers, rules};

/// What was called in all.
#[derive(Default)]
pub(super) struct Made {
    pub(super) calls: usize,
    pub(super) refused: usize,
    pub(super) fees: Money,
}

pub(super) fn agreement() -> AgreementId {
    AgreementId::new("agr_1")
}

/// Lives the months.
pub(super) fn live(life: &mut Life, calls: usize) -> Made {
    let (mut made, mut tally, mut usage) = (Made::default(), Tally::default(), BTreeMap::new());
    let first = Month::of(date(2026, 3, 1));
    for (number, month) in std::iter::successors(Some(first), |month| Some(month.next()))
        .take(MONTHS)
        .enumerate()
    {
        if number > 0 {
            life.on(month.first_day().saturating_add(6.days()));
        }
        happen(life, number);
        let share = calls / MONTHS + usize::from(number < calls % MONTHS);
        call(life, month, share, &mut tally, &mut usage, &mut made);
        settle_down(life, number);
        close(life, number, month, &tally);
    }
    made
}

/// What else comes to pass in a month.
fn happen(life: &mut Life, number: usize) {
    match number {
        6 => incident(life),
        // The first year is settled and assessed in the second.
        11 => {
            let next = [date(2027, 1, 1), date(2027, 12, 31)];
            revenue(life, "rev_1", "rev_2", next);
            assess(life);
        }
        23 => revenue(life, "rev_2", "rev_3", [date(2028, 1, 1), date(2028, 2, 29)]),
        13 => {
            let purposes = json!([PURPOSE, "环境信息服务"]);
            life.step("agreement.amend", &[("/of/purposes", purposes)]);
            life.step("agreement.accept", &[]);
            super::begin::sign(life);
        }
        15 => {
            let of = json!(["scn_1"]);
            life.step("dispute.open", &[("/of/scenarios", of)]);
            life.step("dispute.measure", &[("/of/scenario", json!("scn_1"))]);
            let due = life.district.now + jiff::SignedDuration::from_hours(240);
            let due = gongshu_governance::calendar::day_of(due);
            life.step("dispute.step", &[("/of/next_due", json!(due.to_string()))]);
        }
        _ => {}
    }
}

fn settle_down(life: &mut Life, number: usize) {
    if number == 15 {
        life.step("dispute.lift", &[("/of/scenario", json!("scn_1"))]);
        life.step("dispute.close", &[]);
    }
}

fn incident(life: &mut Life) {
    let discovered = (life.district.now - jiff::SignedDuration::from_mins(30)).to_string();
    let changes = [
        ("/of/discovered", json!(discovered)),
        ("/of/scenarios", json!(["scn_2"])),
    ];
    life.step("incident.report", &changes);
    for act in ["incident.grade", "incident.fulfil", "incident.close"] {
        life.step(act, &[]);
    }
}

fn assess(life: &mut Life) {
    let due = life.district.now + jiff::SignedDuration::from_hours(24 * 60);
    let due = gongshu_governance::calendar::day_of(due).to_string();
    life.step("assessment.open", &[("/of/year", json!(2026)), ("/of/due", json!(due))]);
    for act in [
        "assessment.indicate",
        "assessment.conclude",
        "assessment.appeal",
        "assessment.answer",
        "assessment.rectify",
    ] {
        life.step(act, &[]);
    }
}

/// Settles a period on what was metered, and permits the next one.
fn revenue(life: &mut Life, settled: &str, next: &str, [from, until]: [Date; 2]) {
    let period = life
        .district
        .state
        .revenues
        .values()
        .find(|it| it.permit.id.as_str() == settled);
    let term = period.unwrap().permit.period;
    let earned = metered_revenue(&life.district.state, &agreement(), term.from, term.until).unwrap_or_default();
    life.step(
        "revenue.settle",
        &[("/of/revenue", json!(settled)), ("/of/earned", json!(earned))],
    );
    let changes = [
        ("/of/id", json!(next)),
        ("/of/period", json!({"from": from, "until": until})),
    ];
    life.step("revenue.permit", &changes);
}

/// Calls of a month, spread over the products and their subscribers.
fn call(
    life: &Life,
    month: Month,
    calls: usize,
    tally: &mut Tally,
    usage: &mut BTreeMap<String, u64>,
    made: &mut Made,
) {
    let banks: Vec<Actor> = (0..BANKS).map(|number| actor(&super::begin::bank(number))).collect();
    for number in 0..calls {
        let product = number * 17 % PRODUCTS;
        let buyers = [product % BANKS, (product * 7 + 3) % BANKS];
        let bank = &banks[buyers[number / PRODUCTS % 2]];
        let request = CallRequest {
            actor: bank,
            product: &ProductId::new(format!("prd_{product}")),
            purpose: PURPOSE,
            subject: None,
            at: life.district.now,
        };
        let key = format!("{product} {}", bank.party);
        let before = usage.entry(key).or_default();
        let usage = Usage {
            scenario_calls: *before,
            subscription_calls: *before,
            ..Usage::default()
        };
        let Ok(permit) = authorize(&life.district.state, &request, usage, rules(), powers()) else {
            made.refused += 1;
            continue;
        };
        *before += 1;
        made.calls += 1;
        made.fees = made.fees + permit.fee;
        let split = permit.split.iter().map(|(party, share)| (party, *share));
        tally
            .add(month, &permit.chain.subscription, 1, permit.fee, split)
            .unwrap();
    }
}

/// Closes the month on the sixth of the next, takes the payments, and pays every party out.
fn close(life: &mut Life, number: usize, month: Month, tally: &Tally) {
    life.on(month.next().first_day().saturating_add(5.days()).min(date(2028, 3, 6)));
    let period = PeriodId::new(format!("per_{number}"));
    let close = ClosePeriod {
        id: period.clone(),
        agreement: agreement(),
        month,
        uses: tally.uses(&life.district.state, &agreement(), month),
    };
    let due: Vec<(SubscriptionId, Money)> = close
        .uses
        .iter()
        .filter(|it| it.fee > Money::ZERO)
        .map(|it| (it.subscription.clone(), it.fee))
        .collect();
    let parties: BTreeSet<PartyId> = close.uses.iter().flat_map(|it| it.shares.keys().cloned()).collect();
    life.must("pty_operator", Command::ClosePeriod(Box::new(close)));
    for (subscription, amount) in due {
        let payment = RecordPayment {
            period: period.clone(),
            subscription,
            amount,
            evidence: "银行回单".to_owned(),
        };
        life.must("pty_operator", Command::RecordPayment(payment));
    }
    for party in parties {
        let owed = life.district.state.books[&agreement()].owed(&party);
        let payout = PayOut {
            period: period.clone(),
            party,
            amount: owed,
            evidence: "银行回单".to_owned(),
        };
        life.must("pty_operator", Command::PayOut(payout));
    }
}
