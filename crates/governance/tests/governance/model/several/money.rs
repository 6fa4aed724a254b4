//! Money of a lane that moves, or is said to: made from what is on record, a part of it or a little more.

use gongshu_governance::Command;
use gongshu_governance::books::{
    Account, Billed, ClosePeriod, CreditInvoice, MeteredUse, Month, Period, RecordPayment, RecordRefund, ReverseEntry,
    Reversible, agreement_of, closes_from, open_month,
};
use gongshu_governance::calendar::day_of;
use gongshu_governance::identifier::{PartyId, PeriodId, SubscriptionId};
use gongshu_governance::money::Money;
use gongshu_governance::product::Volume;
use jiff::ToSpan;
use proptest::prelude::*;

use super::super::request;
use super::{Run, Seen};

/// A movement.
#[derive(Debug, Clone)]
pub(super) enum Moves {
    /// A month is closed, so many before this one, with calls for so many fen each subscription.
    Close {
        back: i64,
        fen: i64,
    },
    Pay {
        line: usize,
        parts: i64,
    },
    Credit {
        line: usize,
        parts: i64,
    },
    Refund {
        line: usize,
        parts: i64,
    },
    /// A share is paid out, or given back.
    Share {
        party: usize,
        parts: i64,
    },
    /// Something of a kind is reversed, the newest but so many.
    Reverse {
        kind: Reversible,
        back: usize,
    },
}

const REVERSIBLE: [Reversible; 4] = [
    Reversible::Payment,
    Reversible::Refund,
    Reversible::Payout,
    Reversible::Return,
];

pub(super) fn moves() -> impl Strategy<Value = Moves> {
    let (line, parts) = (0..4_usize, 1..6_i64);
    prop_oneof![
        3 => (1..4_i64, 0..900_i64).prop_map(|(back, fen)| Moves::Close { back, fen }),
        3 => (line.clone(), parts.clone()).prop_map(|(line, parts)| Moves::Pay { line, parts }),
        2 => (line.clone(), parts.clone()).prop_map(|(line, parts)| Moves::Credit { line, parts }),
        2 => (line.clone(), parts.clone()).prop_map(|(line, parts)| Moves::Refund { line, parts }),
        3 => (line, parts).prop_map(|(party, parts)| Moves::Share { party, parts }),
        5 => (prop::sample::select(&REVERSIBLE), 0..3_usize).prop_map(|(kind, back)| Moves::Reverse { kind, back }),
    ]
}

/// A few quarters of an amount, rounded up, so that five of them are too much.
fn part(whole: Money, parts: i64) -> Money {
    Money::from_fen((whole.fen().abs() * parts + 3) / 4)
}

fn evidence() -> String {
    "银行回单".to_owned()
}

impl Run {
    /// The command of a movement; none where there is nothing it could be about.
    pub(super) fn moves(&self, lane: usize, moves: &Moves) -> Option<Command> {
        match moves {
            Moves::Close { back, fen } => self.close(lane, *back, *fen),
            Moves::Pay { line, parts } => {
                let (period, subscription, billed) = self.bill(lane, *line)?;
                let amount = part(billed.open(), *parts);
                Some(Command::RecordPayment(RecordPayment {
                    period,
                    subscription,
                    amount,
                    evidence: evidence(),
                }))
            }
            Moves::Credit { line, parts } => {
                let (period, subscription, billed) = self.bill(lane, *line)?;
                let amount = part(billed.net(), *parts);
                Some(Command::CreditInvoice(CreditInvoice {
                    period,
                    subscription,
                    amount,
                    reason: evidence(),
                }))
            }
            Moves::Refund { line, parts } => {
                let (period, subscription, billed) = self.bill(lane, *line)?;
                let amount = part(billed.open(), *parts);
                Some(Command::RecordRefund(RecordRefund {
                    period,
                    subscription,
                    amount,
                    evidence: evidence(),
                }))
            }
            Moves::Share { party, parts } => {
                let period = self.periods(lane).last()?.close.id.clone();
                let agreement = self.lanes[lane].agreement();
                let shares = &self.district.state.agreements[&agreement].terms.shares;
                let party = shares[*party % shares.len()].party.clone();
                let owed = self.district.state.books.get(&agreement)?.owed(&party);
                let amount = part(owed, *parts);
                Some(share(
                    period,
                    party,
                    if owed < Money::ZERO {
                        Money::ZERO - amount
                    } else {
                        amount
                    },
                ))
            }
            Moves::Reverse { kind, back } => {
                let mut periods = self.periods(lane).map(|period| &period.close.id);
                let period = periods.find(|period| self.money.count(period, *kind) > 0)?.clone();
                let which = u32::try_from(self.money.count(&period, *kind) + 1 - back).unwrap();
                let (kind, reason, evidence) = (*kind, "登记有误".to_owned(), evidence());
                Some(Command::ReverseEntry(ReverseEntry {
                    period,
                    kind,
                    which,
                    reason,
                    evidence,
                }))
            }
        }
    }

    fn periods(&self, lane: usize) -> impl DoubleEndedIterator<Item = &Period> {
        let agreement = self.lanes[lane].agreement();
        let mut periods: Vec<&Period> = self.district.state.periods.values().map(|period| &**period).collect();
        periods.retain(|period| period.close.agreement == agreement);
        periods.sort_by(|a, b| a.close.id.cmp(&b.close.id));
        periods.into_iter()
    }

    fn bill(&self, lane: usize, line: usize) -> Option<(PeriodId, SubscriptionId, Billed)> {
        let bills = self.bills(lane);
        bills.get(line % bills.len().max(1)).cloned()
    }

    fn bills(&self, lane: usize) -> Vec<(PeriodId, SubscriptionId, Billed)> {
        let of_period = |period: &Period| {
            let id = period.close.id.clone();
            let bills = period.invoices.iter();
            bills
                .map(move |(subscription, billed)| (id.clone(), subscription.clone(), billed.clone()))
                .collect::<Vec<_>>()
        };
        self.periods(lane).flat_map(of_period).collect()
    }

    /// A month of the lane is closed, with calls under each of its subscriptions.
    fn close(&self, lane: usize, back: i64, fen: i64) -> Option<Command> {
        let month = Month::of(day_of(self.district.now).saturating_sub(back.months()));
        self.close_of(lane, month, fen)
    }

    fn close_of(&self, lane: usize, month: Month, fen: i64) -> Option<Command> {
        let (state, agreement) = (&self.district.state, self.lanes[lane].agreement());
        let terms = &state.agreements.get(&agreement)?.terms;
        let under = |subscription: &SubscriptionId| agreement_of(state, subscription) == Some(&agreement);
        let sold = state.subscriptions.keys().filter(|id| under(id) && fen > 0);
        let parts: Vec<_> = terms.shares.iter().map(|share| share.share).collect();
        let fee = Money::from_fen(fen);
        let shares = || {
            let split = terms.shares.iter().zip(fee.split(&parts));
            let some = split.filter(|(_, part)| *part > Money::ZERO);
            some.map(|(share, part)| (share.party.clone(), part)).collect()
        };
        let uses = sold.map(|subscription| MeteredUse {
            subscription: subscription.clone(),
            calls: 3,
            volume: Volume::default(),
            fee,
            shares: shares(),
        });
        let uses = uses.collect();
        Some(Command::ClosePeriod(Box::new(ClosePeriod {
            id: PeriodId::new(format!("per_{month}_{lane}")),
            uses,
            agreement,
            month,
        })))
    }

    /// Whatever has happened, the operator can close each month that is over and leave nobody owing or owed.
    pub(super) fn settle(&mut self, lane: usize, seen: &mut Seen) -> Result<(), TestCaseError> {
        let id = self.lanes[lane].agreement();
        let Some(agreement) = self.district.state.agreements.get(&id).map(|it| (**it).clone()) else {
            return Ok(());
        };
        let operator = self.lanes[lane].party("pty_operator");
        let today = day_of(self.district.now);
        while let Some(month) = open_month(&self.district.state, &agreement) {
            if closes_from(&agreement, month, 1) > today {
                break;
            }
            let close = self.close_of(lane, month, 0).unwrap();
            self.must(lane, operator, &close, seen)?;
        }
        let newest = self.periods(lane).last().map(|period| period.close.id.clone());
        let Some(period) = newest else {
            return Ok(());
        };
        for (period, subscription, billed) in self.bills(lane) {
            if billed.open() > Money::ZERO {
                let (amount, evidence) = (billed.open(), evidence());
                let pay = RecordPayment {
                    period,
                    subscription,
                    amount,
                    evidence,
                };
                self.must(lane, operator, &Command::RecordPayment(pay), seen)?;
            }
        }
        let Some(books) = self.district.state.books.get(&id).cloned() else {
            return Ok(());
        };
        let sharing = books.balances().keys().filter_map(|account| match account {
            Account::Share(party) => Some((party.clone(), books.owed(party))),
            Account::Cash | Account::Receivable(_) => None,
        });
        let mut sharing: Vec<_> = sharing.collect();
        // Those who received too much give it back first.
        sharing.sort_by_key(|(_, owed)| *owed);
        for (party, owed) in sharing.into_iter().filter(|(_, owed)| *owed != Money::ZERO) {
            self.must(lane, operator, &share(period.clone(), party, owed), seen)?;
        }
        for (period, subscription, billed) in self.bills(lane) {
            if billed.open() < Money::ZERO {
                let (amount, evidence) = (Money::ZERO - billed.open(), evidence());
                let refund = RecordRefund {
                    period,
                    subscription,
                    amount,
                    evidence,
                };
                self.must(lane, operator, &Command::RecordRefund(refund), seen)?;
            }
        }
        let left = self.district.state.books[&id].balances().clone();
        prop_assert!(left.values().all(|balance| *balance == Money::ZERO), "{:?}", left);
        seen.settled += 1;
        Ok(())
    }
}

/// What a party is owed is paid out; what it received too much is given back.
fn share(period: PeriodId, party: PartyId, owed: Money) -> Command {
    request::share(period, party, owed < Money::ZERO, owed.max(Money::ZERO - owed))
}
