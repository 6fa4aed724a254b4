//! A month of use, and its end: metered, closed, invoiced, paid, paid out; what the public learns of it; an erasure.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use gongshu_app::governance::Command;
use gongshu_app::governance::books::{ClosePeriod, PayOut, Period, RecordPayment, open_month};
use gongshu_app::governance::calendar::{Term, day_of};
use gongshu_app::governance::consent::RecordConsents;
use gongshu_app::governance::erasure::{EraseCalls, ErasureGround};
use gongshu_app::governance::identifier::{AgreementId, ConsentId, ErasureId, PeriodId, PlanId};
use gongshu_app::governance::money::Money;
use gongshu_app::governance::registration::{AssignCode, RegistrationStatus};
use gongshu_sample::{Firm, firm};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::sample::Sample;
use super::steps::{Sold, Story, step};
use super::uses::BANK;
use crate::site::say;

const AGENCY: &str = "agency";
const OPERATOR: &str = "operator";
/// Pays out what the other has put on record.
const OPERATOR_HEAD: &str = "operator-head";
const SUPERVISOR: &str = "supervisor";
/// Days of the month on which the bank is at work.
const DAYS: u64 = 12;
/// The table of the firms that the bank asks about.
const FIRMS: &str = "firms";
/// Firms of the generated register whose consents the bank has gathered; the first hundred are sound.
const FIRST_FIRM: u64 = 20;

impl Story {
    /// The weeks until today, of a lifecycle that begins in a month that is over.
    pub(super) async fn live_on(
        &mut self,
        sample: &Sample,
        plan: PlanId,
        agreement: &AgreementId,
        (verification, daily): (&Sold, &Sold),
    ) -> Result<()> {
        let Some(clock) = self.clock.clone() else {
            return Ok(());
        };
        let generated = sample.resources.iter().find_map(|resource| resource.generated);
        let seed = generated.context("no register is generated")?.seed;
        let pilot = self.pilot(sample, plan).await?;
        let wrong = self.use_for_weeks(verification, daily, seed).await?;
        clock.reach_today();
        self.assign_codes().await?;
        self.settle_month(agreement).await?;
        self.use_today(verification, seed).await?;
        self.erase(wrong).await?;
        self.exit(&pilot).await
    }

    /// The bank works with two products, day by day: verifications with consent, a daily figure, loans that came of it. Gives
    /// the entry of a call that asked about a wrong name.
    pub(super) async fn use_for_weeks(&mut self, verification: &Sold, daily: &Sold, seed: u64) -> Result<u64> {
        let firms: Vec<Firm> = (0..DAYS).map(|number| firm(seed, FIRST_FIRM + number)).collect();
        self.gather_consents(verification, &firms).await?;
        for (firm, day) in firms.iter().zip(1_u32..) {
            if let Some(clock) = &self.clock {
                clock.pass_day();
            }
            let asked = json!({"code": firm.code, "name": firm.name});
            self.called(verification, asked).await?;
            self.called(daily, json!({"from": "2014-01-01", "until": "2014-01-31"}))
                .await?;
            let amount = Money::from_fen(i64::from(day) * 25_000_000);
            let contract = format!("流动资金借款合同（示范，{amount} 元）");
            let loan = self.loan_for(verification, amount, &contract);
            self.act_unsaid(BANK, Command::ReportLoan(Box::new(loan))).await?;
        }
        let (calls, loans) = (2 * DAYS, DAYS);
        say(&format!(
            "       其后 {DAYS} 日：调用 {calls} 次，登记支持贷款 {loans} 笔"
        ));
        say(&format!(
            "       the {DAYS} days after: {calls} calls, {loans} loans reported"
        ));
        let wrong = firms.first().context("no firm")?;
        self.called(verification, json!({"code": wrong.code, "name": "另一家公司"}))
            .await
    }

    /// Calls of the month under way, which no bill counts yet.
    async fn use_today(&mut self, verification: &Sold, seed: u64) -> Result<()> {
        for number in FIRST_FIRM..FIRST_FIRM + 3 {
            let firm = firm(seed, number);
            let asked = json!({"code": firm.code, "name": firm.name});
            self.called(verification, asked).await?;
        }
        say("       本月调用 3 次，尚未结账 three calls of this month, not invoiced yet");
        Ok(())
    }

    async fn gather_consents(&mut self, verification: &Sold, firms: &[Firm]) -> Result<()> {
        let from = day_of(self.district.now());
        let paper = |firm: &Firm| hex::encode(Sha256::digest(format!("{}授权书（示范）", firm.code)));
        let consents = RecordConsents {
            id: ConsentId::new(self.district.new_id(ConsentId::PREFIX)),
            purpose: verification.purpose.clone(),
            resource: self.resource_of(FIRMS)?,
            fields: ["code", "name", "status", "founded"].map(str::to_owned).into(),
            term: Term {
                from,
                until: from.saturating_add(jiff::Span::new().days(90)),
            },
            proofs: firms.iter().map(|firm| (firm.code.clone(), paper(firm))).collect(),
        };
        let what = format!("银行批量登记 {} 家企业的授权书", firms.len());
        self.act(BANK, &what, Command::RecordConsents(Box::new(consents)))
            .await?;
        Ok(())
    }

    /// A call of many alike; gives the index of its entry.
    async fn called(&mut self, sold: &Sold, parameters: serde_json::Value) -> Result<u64> {
        let answered = self.call(BANK, sold, parameters).await;
        let answered = answered.with_context(|| sold.name.clone())?;
        let answer: serde_json::Value = serde_json::from_str(&answered.answer)?;
        self.receipt(Some(&answer), &serde_json::to_value(&answered.receipt.receipt)?)?;
        Ok(answered.receipt.index)
    }

    /// The month is over: it is closed, one bill is paid and one still open, and what came in is paid out.
    pub(super) async fn settle_month(&mut self, agreement: &AgreementId) -> Result<()> {
        let period = self
            .close_month(agreement)
            .await?
            .context("the month is closed already")?;
        let bills: Vec<_> = self
            .period(&period)?
            .invoices
            .values()
            .map(|billed| (billed.invoice.clone(), billed.open()))
            .collect();
        let paying = self.actor(BANK)?.party;
        let (bill, amount) = bills
            .into_iter()
            .find(|(bill, _)| bill.consumer == paying && bill.calls > DAYS)
            .context("the bank's calls of the month are on no bill")?;
        let payment = RecordPayment {
            period: period.clone(),
            subscription: bill.subscription,
            amount,
            evidence: "银行回单 2026-示范-001".to_owned(),
        };
        self.act(
            OPERATOR,
            &format!("登记银行付款 {amount} 元"),
            Command::RecordPayment(payment),
        )
        .await?;
        for (party, amount) in bill.shares {
            let pay = PayOut {
                period: period.clone(),
                party,
                amount,
                evidence: "银行回单 2026-示范-002".to_owned(),
            };
            self.act(OPERATOR_HEAD, &format!("支付分成 {amount} 元"), Command::PayOut(pay))
                .await?;
        }
        Ok(())
    }

    /// Closes the oldest month of an agreement that is over; none where all are.
    pub(super) async fn close_month(&mut self, agreement: &AgreementId) -> Result<Option<PeriodId>> {
        let snapshot = self.district.snapshot();
        let of = snapshot.state.agreements.get(agreement).context("no such agreement")?;
        let Some(month) = open_month(&snapshot.state, of) else {
            return Ok(None);
        };
        let id = PeriodId::new(self.district.new_id(PeriodId::PREFIX));
        let close = ClosePeriod {
            id: id.clone(),
            agreement: agreement.clone(),
            month,
            uses: vec![],
        };
        let done = self.district.close_period(self.actor(OPERATOR)?, close, None).await?;
        self.receipt(None, &serde_json::to_value(&done.receipt.receipt)?)?;
        let bills: BTreeMap<_, _> = self.period(&id)?.invoices;
        let what = format!("“{}”{month} 月结账，开出账单 {} 份", of.terms.title, bills.len());
        step(done.receipt.index, &what, done.act);
        Ok(Some(id))
    }

    fn period(&self, id: &PeriodId) -> Result<Period> {
        let snapshot = self.district.snapshot();
        let period = snapshot.state.periods.get(id).context("the month is not on record")?;
        Ok(Period::clone(period))
    }

    /// What a call carried about a wrong name is deleted by a supervisor's order; its entry and proof stay.
    pub(super) async fn erase(&mut self, entry: u64) -> Result<()> {
        let order = EraseCalls {
            id: ErasureId::new(self.district.new_id(ErasureId::PREFIX)),
            entries: vec![entry],
            ground: ErasureGround::Ordered,
            basis: "责令删除决定〔2026〕示范 1 号：核验名称录入有误，涉及其他企业".to_owned(),
            calls: vec![],
        };
        let done = self.district.erase_calls(self.actor(SUPERVISOR)?, order, None).await?;
        self.receipt(None, &serde_json::to_value(&done.receipt.receipt)?)?;
        let what = format!("监管部门责令删除第 {entry} 条调用的内容，条目和证明保留");
        step(done.receipt.index, &what, done.act);
        Ok(())
    }

    /// What has been shown to the public long enough is given its code.
    pub(super) async fn assign_codes(&mut self) -> Result<()> {
        let snapshot = self.district.snapshot();
        let shown = |status: &RegistrationStatus| matches!(status, RegistrationStatus::Publicized { .. });
        let registrations = snapshot.state.registrations.iter();
        let waiting = registrations.filter(|(_, registration)| shown(&registration.status));
        let mut waiting: Vec<_> = waiting.map(|(id, _)| id).collect();
        waiting.sort();
        // What was registered before the platform has the numbers before.
        let next = snapshot.state.registered.size() + 1;
        for (registration, number) in waiting.into_iter().zip(next..) {
            let assign = AssignCode {
                registration: registration.clone(),
                code: format!("440309-R-{number:06}"),
            };
            self.act(AGENCY, "公示期满，登记赋码", Command::AssignCode(assign))
                .await?;
        }
        Ok(())
    }
}
