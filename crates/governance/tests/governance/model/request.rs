//! What is asked for while an agreement ends, made from what the model knows, so that much of it is right.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use gongshu_governance::Command;
use gongshu_governance::books::{
    ClosePeriod, CreditInvoice, MeteredUse, Month, PayOut, RecordPayment, RecordRefund, ReturnShare, ReverseEntry,
    Reversible,
};
use gongshu_governance::exit::{
    AssetReport, CloseExit, ExitStep, ModelStatement, Outcome, PlanExit, PlannedStep, ReportExitStep, RunOut,
};
use gongshu_governance::identifier::{ExitId, PartyId, PeriodId, SubscriptionId, VersionId};
use gongshu_governance::money::Money;
use gongshu_governance::power::Act;
use jiff::ToSpan;
use jiff::civil::date;
use proptest::prelude::*;
use serde_json::json;

use super::accounts::SHARING;
use super::{ACCESS, Run};
use crate::altered::altered;
use crate::district::path;

/// Who may answer for a step of an exit.
const OWNERS: [&str; 5] = ["pty_operator", "pty_market", "pty_partner", "pty_agency", "pty_bank"];

/// Acts of the path that bring an asset to its end.
const ENDS: [Act; 5] = [
    Act::WithdrawOutput,
    Act::WithdrawModel,
    Act::WithdrawProduct,
    Act::Unsubscribe,
    Act::OrderDestruction,
];

const REVERSIBLE: [Reversible; 4] = [
    Reversible::Payment,
    Reversible::Refund,
    Reversible::Payout,
    Reversible::Return,
];

/// Something that is asked for.
#[derive(Debug, Clone)]
pub(super) enum Request {
    /// Days go by.
    Pass(i64),
    /// The steps get owners and days; one may be left out.
    Plan {
        owners: Vec<usize>,
        days: i64,
        left_out: Option<usize>,
        /// Whether it says nothing of the order.
        unsaid: bool,
    },
    /// A step is reported; something may be wrong with it.
    Report { step: usize, outcome: usize, flaw: Flaw },
    /// The exit is closed.
    Close,
    /// A month from January on is closed, with this fee.
    Month { months: i64, fee: i64 },
    /// The bank pays, is credited or has its money back: a part of what is open, or a little more.
    Bank { what: Bank, parts: i64 },
    /// A party receives of its share, or gives back.
    Share { party: usize, back: bool, parts: i64 },
    /// Something of the books is reversed: the newest but so many of its kind, or one that is not there.
    Reverse { kind: Reversible, back: usize },
    /// One more version comes in.
    Version(u8),
    /// The destruction of a version is ordered, or its certificate recorded.
    Destroy(usize),
    /// Something of the path that ends a thing.
    End(usize),
    /// Something of the path that needs the agreement.
    Access(usize),
}

/// What is wrong with a report.
#[derive(Debug, Clone, Copy)]
pub(super) enum Flaw {
    None,
    LeftOut,
    Twice,
    WrongEnd,
    NoEvidence,
    /// The assessment of a model that is kept finds that it reveals raw data.
    Reveals,
}

/// What happens between the operator and the bank.
#[derive(Debug, Clone, Copy)]
pub(super) enum Bank {
    Pays,
    IsCredited,
    IsRefunded,
}

pub(super) fn request() -> impl Strategy<Value = Request> {
    let flaw = prop_oneof![
        6 => Just(Flaw::None),
        1 => Just(Flaw::LeftOut),
        1 => Just(Flaw::Twice),
        1 => Just(Flaw::WrongEnd),
        1 => Just(Flaw::NoEvidence),
        1 => Just(Flaw::Reveals),
    ];
    let bank = prop_oneof![Just(Bank::Pays), Just(Bank::IsCredited), Just(Bank::IsRefunded)];
    let owners = prop::collection::vec(0..OWNERS.len(), ExitStep::ALL.len());
    let left_out = prop::option::weighted(0.2, 0..ExitStep::ALL.len());
    let plan = (owners, 0..40_i64, left_out, prop::bool::weighted(0.2));
    prop_oneof![
        3 => (1..25_i64).prop_map(Request::Pass),
        4 => plan.prop_map(|(owners, days, left_out, unsaid)| Request::Plan { owners, days, left_out, unsaid }),
        8 => (0..ExitStep::ALL.len(), 0..3_usize, flaw)
            .prop_map(|(step, outcome, flaw)| Request::Report { step, outcome, flaw }),
        2 => Just(Request::Close),
        4 => (0..8_i64, 0..3_i64).prop_map(|(months, fee)| Request::Month { months, fee: fee * 333 }),
        4 => (bank, 1..6_i64).prop_map(|(what, parts)| Request::Bank { what, parts }),
        4 => (0..SHARING.len(), any::<bool>(), 1..6_i64)
            .prop_map(|(party, back, parts)| Request::Share { party, back, parts }),
        4 => (prop::sample::select(&REVERSIBLE), 0..3_usize).prop_map(|(kind, back)| Request::Reverse { kind, back }),
        1 => (2..4_u8).prop_map(Request::Version),
        3 => (0..4_usize).prop_map(Request::Destroy),
        3 => (0..ENDS.len()).prop_map(Request::End),
        3 => (0..ACCESS.len()).prop_map(Request::Access),
    ]
}

/// The step of the path that first asks for this act.
pub(super) fn of_path(act: Act) -> (&'static str, Command) {
    static PATH: OnceLock<Vec<(&'static str, Command)>> = OnceLock::new();
    let mut path = PATH.get_or_init(path).iter();
    path.find(|(_, command)| command.act() == act).cloned().unwrap()
}

pub(super) fn exit() -> ExitId {
    ExitId::new("ext_1")
}

fn evidence() -> String {
    "移交清单第 2 号".to_owned()
}

fn operator(command: Command) -> Option<(&'static str, Command)> {
    Some(("pty_operator", command))
}

/// A few quarters of an amount, rounded up, so that five of them are too much.
fn part(whole: i64, parts: i64) -> Money {
    Money::from_fen((whole * parts + 3) / 4)
}

impl Run {
    /// The command of a request with its rightful party; none where there is nothing it could be about.
    pub(super) fn command(&mut self, request: &Request) -> Option<(&'static str, Command)> {
        match request {
            Request::Pass(days) => {
                self.pass(*days);
                None
            }
            Request::Plan {
                owners,
                days,
                left_out,
                unsaid,
            } => Some(("pty_agency", self.plan(owners, *days, *left_out, *unsaid))),
            Request::Report { step, outcome, flaw } => Some(self.report(ExitStep::ALL[*step], *outcome, *flaw)),
            Request::Close => Some(("pty_agency", close())),
            Request::Month { months, fee } => operator(self.month(*months, *fee)),
            Request::Bank { what, parts } => operator(self.bank(*what, *parts)?),
            Request::Share { party, back, parts } => {
                let (period, party) = (self.model.accounts.period()?.clone(), PartyId::new(SHARING[*party]));
                let owed = self.model.accounts.owed.get(&party).copied().unwrap_or_default();
                let amount = part(if *back { -owed } else { owed }, *parts);
                operator(share(period, party, *back, amount))
            }
            Request::Reverse { kind, back } => {
                let (accounts, kind) = (&self.model.accounts, *kind);
                let mut periods = accounts.periods();
                let period = periods.find(|period| accounts.count(period, kind) > 0)?;
                let which = accounts.count(period, kind) + 1 - *back;
                operator(reversal(period.clone(), kind, u32::try_from(which).unwrap()))
            }
            Request::Version(number) => {
                let (market, version) = of_path(Act::RecordVersion);
                let id = format!("ver_{number}");
                Some((market, altered(&version, &[("/of/version/id", json!(id))])))
            }
            Request::Destroy(which) => {
                let left = self.model.undestroyed();
                let (version, ordered) = left.get(*which % left.len().max(1))?;
                Some(destruction(version, *ordered))
            }
            Request::End(which) => Some(of_path(ENDS[*which])),
            Request::Access(which) => Some(anew(ACCESS[*which])),
        }
    }

    /// A plan of the steps that are needed, and of every second one that is not.
    fn plan(&self, owners: &[usize], days: i64, left_out: Option<usize>, unsaid: bool) -> Command {
        let steps = ExitStep::ALL.iter().zip(owners).enumerate();
        let steps = steps.filter(|(index, _)| Some(*index) != left_out);
        let planned = |(_, (step, owner)): (usize, (&ExitStep, &usize))| PlannedStep {
            step: *step,
            owner: PartyId::new(OWNERS[*owner]),
            due: self.model.today.saturating_add(days.days()),
        };
        let steps = steps.map(planned).collect();
        let run_outs = if unsaid { Vec::new() } else { self.run_outs() };
        Command::PlanExit(Box::new(PlanExit {
            exit: exit(),
            steps,
            run_outs,
        }))
    }

    /// The order is refunded, where it is open: nobody else has an agreement.
    pub(super) fn run_outs(&self) -> Vec<RunOut> {
        let sold = self.model.assets().contains_key(subscription().as_str());
        let refunded = sold.then(|| RunOut {
            subscription: subscription(),
            continued_under: None,
        });
        refunded.into_iter().collect()
    }

    /// A report by the owner of the step of what is open of it.
    pub(super) fn report(&self, step: ExitStep, choice: usize, flaw: Flaw) -> (&'static str, Command) {
        let ending = self.model.ending.as_ref();
        let mut open = ending.map_or_else(BTreeMap::new, |it| it.open(&self.model.assets()));
        open.retain(|_, (of, _)| *of == step);
        let line = |(asset, (_, ends)): (String, (ExitStep, Vec<Outcome>))| {
            let outcome = match flaw {
                Flaw::WrongEnd => *Outcome::ALL.iter().find(|it| !ends.contains(it)).unwrap(),
                _ => *ends.get(choice % ends.len().max(1)).unwrap_or(&Outcome::Destroyed),
            };
            AssetReport {
                statement: kept(&asset, outcome).then(|| ModelStatement {
                    document_sha256: "e3".repeat(32),
                    reveals_raw_data: matches!(flaw, Flaw::Reveals),
                }),
                asset,
                outcome,
                evidence: evidence(),
                successor: None,
            }
        };
        let mut report: Vec<AssetReport> = open.into_iter().map(line).collect();
        let mut shown = evidence();
        match flaw {
            Flaw::LeftOut => drop(report.pop()),
            Flaw::Twice => report.extend(report.last().cloned()),
            Flaw::NoEvidence => shown.clear(),
            Flaw::None | Flaw::WrongEnd | Flaw::Reveals => {}
        }
        let owner = ending.and_then(|it| it.steps.get(&step)).map(|it| it.owner.clone());
        let owner = OWNERS.iter().find(|it| Some(**it) == owner.as_deref());
        let report = ReportExitStep {
            exit: exit(),
            step,
            report,
            evidence: shown,
            excess_returned: (step == ExitStep::Settlement && self.model.excess()).then(|| "52600.00".parse().unwrap()),
        };
        (owner.unwrap_or(&OWNERS[0]), Command::ReportExitStep(Box::new(report)))
    }

    /// The close of a month; with a fee where something was sold.
    pub(super) fn month(&self, months: i64, fee: i64) -> Command {
        let month = date(2026, 1, 1).saturating_add(months.months());
        let sold = fee > 0 && (self.model.has(Act::Subscribe) || self.model.has(Act::Unsubscribe));
        let fees = SHARING.iter().zip([fee - fee / 3, fee / 3 - fee / 9, fee / 9]);
        let uses = sold.then(|| MeteredUse {
            subscription: subscription(),
            calls: 3,
            volume: gongshu_governance::product::Volume::default(),
            fee: Money::from_fen(fee),
            shares: fees
                .map(|(party, share)| (PartyId::new(party), Money::from_fen(share)))
                .collect(),
        });
        Command::ClosePeriod(Box::new(ClosePeriod {
            id: PeriodId::new(format!("per_end_{months}")),
            agreement: gongshu_governance::identifier::AgreementId::new("agr_1"),
            month: Month::of(month),
            uses: uses.into_iter().collect(),
        }))
    }

    fn bank(&self, what: Bank, parts: i64) -> Option<Command> {
        let mut bills = self.model.accounts.bills.iter();
        let (period, bill) = bills.find(|(_, bill)| bill.open() != 0).or_else(|| bills.next())?;
        let (period, open) = (period.clone(), bill.open());
        Some(match what {
            Bank::Pays => payment(period, part(open, parts)),
            Bank::IsRefunded => refund(period, part(-open, parts)),
            Bank::IsCredited => credit(period, part(90, parts)),
        })
    }
}

/// Whether it is a model that is not destroyed.
pub(super) fn kept(asset: &str, outcome: Outcome) -> bool {
    asset.starts_with("mdl_") && matches!(outcome, Outcome::HandedOver | Outcome::Licensed)
}

fn subscription() -> SubscriptionId {
    SubscriptionId::new("sub_1")
}

pub(super) fn close() -> Command {
    Command::CloseExit(CloseExit {
        exit: exit(),
        text: "资产处置完毕，账目结清".to_owned(),
    })
}

pub(super) fn payment(period: PeriodId, amount: Money) -> Command {
    Command::RecordPayment(RecordPayment {
        period,
        subscription: subscription(),
        amount,
        evidence: evidence(),
    })
}

pub(super) fn credit(period: PeriodId, amount: Money) -> Command {
    Command::CreditInvoice(CreditInvoice {
        period,
        subscription: subscription(),
        amount,
        reason: evidence(),
    })
}

pub(super) fn refund(period: PeriodId, amount: Money) -> Command {
    Command::RecordRefund(RecordRefund {
        period,
        subscription: subscription(),
        amount,
        evidence: evidence(),
    })
}

fn reversal(period: PeriodId, kind: Reversible, which: u32) -> Command {
    Command::ReverseEntry(ReverseEntry {
        period,
        kind,
        which,
        reason: "登记有误".to_owned(),
        evidence: evidence(),
    })
}

pub(super) fn share(period: PeriodId, party: PartyId, back: bool, amount: Money) -> Command {
    let evidence = evidence();
    if back {
        return Command::ReturnShare(ReturnShare {
            period,
            party,
            amount,
            evidence,
        });
    }
    Command::PayOut(PayOut {
        period,
        party,
        amount,
        evidence,
    })
}

/// The order to destroy a version, or the certificate that it is destroyed.
pub(super) fn destruction(version: &VersionId, ordered: bool) -> (&'static str, Command) {
    let act = if ordered {
        Act::RecordDestruction
    } else {
        Act::OrderDestruction
    };
    let (market, command) = of_path(act);
    (market, altered(&command, &[("/of/version", json!(version))]))
}

/// A step of the path, about a new thing where it makes one: that it was done before is no reason to refuse it.
fn anew(act: Act) -> (&'static str, Command) {
    let (party, command) = of_path(act);
    let document = serde_json::to_value(&command).unwrap();
    let Some(id) = document.pointer("/of/id") else {
        return (party, command);
    };
    let id = format!("{}_new", id.as_str().unwrap());
    (party, altered(&command, &[("/of/id", json!(id))]))
}
