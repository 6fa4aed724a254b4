//! Months of calls: each is authorized, counted and charged; each month is closed, paid and paid out.

use std::collections::{BTreeMap, BTreeSet};

use gongshu_governance::authorization::{CallRequest, Permit, Usage};
use gongshu_governance::books::{
    ClosePeriod, Month, PayOut, RecordPayment, RecordRefund, ReverseEntry, Reversible, Tally, metered_revenue,
};
use gongshu_governance::identifier::{AgreementId, PartyId, PeriodId, ProductId, SubscriptionId};
use gongshu_governance::money::Money;
use gongshu_governance::product::Volume;
use gongshu_governance::{Actor, Command, Refusal, State, authorize};
use jiff::civil::{Date, date};
use jiff::{Timestamp, ToSpan};
use serde_json::json;

use super::begin::BANKS;
use super::{Life, MONTHS, PRODUCTS, template};
use crate::altered::altered;
use crate::district::{PURPOSE, actor, powers, rules};

/// Calls answered so far by product and bank.
type Used = BTreeMap<(usize, usize), u64>;

/// A call as it was made, and what became of it.
pub(crate) struct Called {
    /// How many acts were taken before.
    pub(crate) acts: usize,
    pub(crate) at: Timestamp,
    product: usize,
    bank: usize,
    before: u64,
    volume: Volume,
    /// What it cost; none where it was refused.
    pub(crate) fee: Option<Money>,
}

pub(crate) fn agreement() -> AgreementId {
    AgreementId::new("agr_1")
}

/// Lives the months.
pub(crate) fn live(life: &mut Life, calls: usize) {
    let (mut tally, mut usage) = (Tally::default(), Used::new());
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
        call(life, month, share, &mut tally, &mut usage);
        settle_down(life, number);
        close(life, number, month, &tally);
    }
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
            disclose(life, 2026);
            report(life, 2026);
        }
        23 => {
            revenue(life, "rev_2", "rev_3", [date(2028, 1, 1), date(2028, 2, 29)]);
            disclose(life, 2027);
            report(life, 2027);
        }
        13 => {
            let purposes = json!([PURPOSE, "环境信息服务"]);
            life.step("agreement.amend", &[("/of/purposes", purposes)]);
            let waiting = life.district.state.agreements[&AgreementId::new("agr_1")]
                .waiting()
                .unwrap();
            life.step("agreement.accept", &[("/of/terms_sha256", json!(waiting.sha256()))]);
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
        // The measure is lifted on the seventeenth: nine whole days without service.
        let lifted = life.district.now + jiff::SignedDuration::from_hours(10 * 24);
        life.on(gongshu_governance::calendar::day_of(lifted));
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
    let own = json!("pty_assessor");
    life.step(
        "assessment.open",
        &[
            ("/of/year", json!(2026)),
            ("/of/due", json!(due)),
            ("/of/assessor", own),
        ],
    );
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

/// Operator and agency disclose a year; another reviews it.
fn disclose(life: &mut Life, year: i16) {
    for (party, reviewer) in [("pty_operator", "pty_agency"), ("pty_agency", "pty_supervisor")] {
        let id = json!(format!("dsc_{party}_{year}"));
        let prepare = [("/of/id", id.clone()), ("/of/year", json!(year))];
        let of = [("/of/disclosure", id)];
        life.must(party, altered(&template("disclosure.prepare").1, &prepare));
        life.must(reviewer, altered(&template("disclosure.review").1, &of));
        life.must(party, altered(&template("disclosure.publish").1, &of));
    }
}

/// The operator reports on the year, and the agency accepts it.
fn report(life: &mut Life, year: i16) {
    let id = json!(format!("rpt_{year}"));
    life.step("report.submit", &[("/of/id", id.clone()), ("/of/year", json!(year))]);
    life.step("report.review", &[("/of/operating_report", id)]);
}

/// Settles a period on what was metered, and permits the next one.
fn revenue(life: &mut Life, settled: &str, next: &str, [from, until]: [Date; 2]) {
    settle(life, settled);
    let changes = [
        ("/of/id", json!(next)),
        ("/of/period", json!({"from": from, "until": until})),
    ];
    life.step("revenue.permit", &changes);
}

/// Settles a period on what was metered.
pub(crate) fn settle(life: &mut Life, settled: &str) {
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
}

/// Calls of a month, spread over the products and their subscribers.
fn call(life: &mut Life, month: Month, calls: usize, tally: &mut Tally, usage: &mut Used) {
    let banks = banks();
    for number in 0..calls {
        let product = number * 17 % PRODUCTS;
        let bank = [product % BANKS, (product * 7 + 3) % BANKS][number / PRODUCTS % 2];
        let before = usage.entry((product, bank)).or_default();
        let rows = (number % 7) as u64 + 1;
        let mut called = Called {
            acts: life.taken.len(),
            at: life.district.now,
            product,
            bank,
            before: *before,
            volume: Volume {
                bytes: 1_009 * rows + 61,
                rows,
            },
            fee: None,
        };
        if let Ok(permit) = called.permitted(&life.district.state, &banks) {
            *before += 1;
            called.fee = Some(permit.fee);
            add(tally, month, &called, &permit);
        }
        life.calls.push(called);
    }
}

/// Who calls.
pub(crate) fn banks() -> Vec<Actor> {
    (0..BANKS).map(|number| actor(&super::begin::bank(number))).collect()
}

/// Counts an answered call.
pub(crate) fn add(tally: &mut Tally, month: Month, called: &Called, permit: &Permit) {
    let split = permit.split.iter().map(|(party, share)| (party, *share));
    let volume = permit.recorded(called.volume).unwrap_or_default();
    let subscription = &permit.chain.subscription;
    tally.add(month, subscription, (1, volume), permit.fee, split).unwrap();
}

impl Called {
    /// Authorized and metered on a state.
    pub(crate) fn permitted(&self, state: &State, banks: &[Actor]) -> Result<Permit, Refusal> {
        let request = CallRequest {
            actor: &banks[self.bank],
            product: &ProductId::new(format!("prd_{}", self.product)),
            purpose: PURPOSE,
            subject: None,
            at: self.at,
        };
        let usage = Usage {
            scenario_calls: self.before,
            subscription_calls: self.before,
            ..Usage::default()
        };
        let permit = authorize(state, &request, usage, rules(), powers())?;
        Ok(permit.metered(self.volume).unwrap())
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
    life.must("pty_operator", Command::ClosePeriod(Box::new(close)));
    let closed = life.district.state.periods[&period].clone();
    if number == 9 {
        mistype(life, &period, closed.invoices.keys().next().unwrap());
    }
    for (subscription, billed) in &closed.invoices {
        let payment = RecordPayment {
            period: period.clone(),
            subscription: subscription.clone(),
            amount: billed.net(),
            evidence: "银行回单".to_owned(),
        };
        life.must("pty_operator", Command::RecordPayment(payment));
    }
    refund(life);
    let shared = closed.invoices.values().flat_map(|billed| billed.shares.keys());
    let parties: BTreeSet<PartyId> = shared.cloned().collect();
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

/// A payment is recorded that never came, and reversed.
fn mistype(life: &mut Life, period: &PeriodId, subscription: &SubscriptionId) {
    let payment = RecordPayment {
        period: period.clone(),
        subscription: subscription.clone(),
        amount: Money::from_fen(1),
        evidence: "银行回单".to_owned(),
    };
    let reverse = ReverseEntry {
        period: period.clone(),
        kind: Reversible::Payment,
        which: 1,
        reason: "误登他户来款".to_owned(),
        evidence: "红字凭证".to_owned(),
    };
    life.must("pty_operator", Command::RecordPayment(payment));
    life.must("pty_operator", Command::ReverseEntry(reverse));
}

/// Pays back what turned out to have been paid for days without service.
fn refund(life: &mut Life) {
    let mut refunds = Vec::new();
    for (period, closed) in life.district.state.periods.iter() {
        let overpaid = closed.invoices.iter().filter(|(_, billed)| billed.open() < Money::ZERO);
        refunds.extend(overpaid.map(|(subscription, billed)| RecordRefund {
            period: period.clone(),
            subscription: subscription.clone(),
            amount: Money::ZERO - billed.open(),
            evidence: "银行回单".to_owned(),
        }));
    }
    refunds.sort_by(|a, b| (&a.period, &a.subscription).cmp(&(&b.period, &b.subscription)));
    for refund in refunds {
        life.must("pty_operator", Command::RecordRefund(refund));
    }
}
