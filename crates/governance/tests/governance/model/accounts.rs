//! The money of the one agreement, in fen, by arithmetic that is none of the rules'.

use std::collections::BTreeMap;

use gongshu_governance::books::{BooksEvent, ClosePeriod, ReverseEntry, Reversible};
use gongshu_governance::identifier::{PartyId, PeriodId};
use gongshu_governance::money::Money;
use gongshu_governance::{Command, Event, State};
use jiff::ToSpan;
use jiff::civil::{Date, date};

/// Who shares in what is charged.
pub(super) const SHARING: [&str; 3] = ["pty_operator", "pty_partner", "pty_agency"];

/// What is billed, paid, owed and held. Every bill is the bank's.
#[derive(Debug, Default, Clone)]
pub(super) struct Accounts {
    /// The first day of each month that is closed.
    months: BTreeMap<PeriodId, Date>,
    pub(super) bills: BTreeMap<PeriodId, Bill>,
    pub(super) owed: BTreeMap<PartyId, i64>,
    cash: i64,
    /// What each party has received of its share, less what it gave back.
    had: BTreeMap<PartyId, i64>,
    /// What was recorded of each kind in each month, in order.
    recorded: BTreeMap<(PeriodId, Reversible), Vec<Recorded>>,
}

/// A movement of money on record.
#[derive(Debug, Clone)]
struct Recorded {
    amount: i64,
    /// Who received or gave back of its share.
    party: Option<PartyId>,
    reversed: bool,
}

/// What the bank is charged for a month.
#[derive(Debug, Default, Clone)]
pub(super) struct Bill {
    pub(super) charged: i64,
    /// What the bank has paid and not had back.
    received: i64,
    shares: BTreeMap<PartyId, i64>,
}

impl Bill {
    /// What is to be paid; negative where too much was.
    pub(super) fn open(&self) -> i64 {
        self.charged - self.received
    }
}

fn within(amount: Money, most: i64) -> bool {
    (1..=most).contains(&amount.fen())
}

impl Accounts {
    pub(super) fn concern(command: &Command) -> bool {
        use Command::{CreditInvoice, PayOut, RecordPayment, RecordRefund, ReturnShare, ReverseEntry};
        matches!(
            command,
            RecordPayment(_) | CreditInvoice(_) | RecordRefund(_) | PayOut(_) | ReturnShare(_) | ReverseEntry(_)
        )
    }

    /// Whether there is as much as the command moves.
    pub(super) fn allows(&self, command: &Command) -> bool {
        let owed = |party: &PartyId| self.owed.get(party).copied().unwrap_or_default();
        match command {
            Command::RecordPayment(of) => {
                let bill = self.bills.get(&of.period);
                bill.is_some_and(|bill| within(of.amount, bill.open()))
            }
            Command::CreditInvoice(of) => {
                let bill = self.bills.get(&of.period);
                bill.is_some_and(|bill| within(of.amount, bill.charged))
            }
            Command::RecordRefund(of) => {
                let bill = self.bills.get(&of.period);
                bill.is_some_and(|bill| within(of.amount, (-bill.open()).min(self.cash)))
            }
            Command::PayOut(of) => {
                let shares = SHARING.contains(&of.party.as_str()) && self.months.contains_key(&of.period);
                shares && within(of.amount, owed(&of.party).min(self.cash))
            }
            Command::ReturnShare(of) => self.months.contains_key(&of.period) && within(of.amount, -owed(&of.party)),
            Command::ReverseEntry(of) => self.reverses(of),
            _ => false,
        }
    }

    /// Whether an entry can be taken back: once, and where nothing that happened since rests on it.
    fn reverses(&self, of: &ReverseEntry) -> bool {
        let Some(entry) = self.recorded(of).filter(|entry| !entry.reversed) else {
            return false;
        };
        let held = entry.amount <= self.cash;
        match of.kind {
            Reversible::Payment => held && entry.amount <= self.bills[&of.period].received,
            Reversible::Return => held,
            Reversible::Payout => entry
                .party
                .as_ref()
                .is_some_and(|party| entry.amount <= self.had[party]),
            Reversible::Refund => true,
        }
    }

    fn recorded(&self, of: &ReverseEntry) -> Option<&Recorded> {
        let entries = self.recorded.get(&(of.period.clone(), of.kind))?;
        entries.get(usize::try_from(of.which).unwrap().checked_sub(1)?)
    }

    /// How much was recorded of a kind in a month.
    pub(super) fn count(&self, period: &PeriodId, kind: Reversible) -> usize {
        self.recorded.get(&(period.clone(), kind)).map_or(0, Vec::len)
    }

    /// Whether a month may be closed: once, in the term, a day after its end; that of the exit at once, and none after it.
    pub(super) fn closes(&self, close: &ClosePeriod, ended: Option<Date>, today: Date) -> bool {
        let month = close.month.first_day();
        let twice = self.months.contains_key(&close.id) || self.months.values().any(|it| *it == month);
        let until = ended.map_or(date(2030, 12, 1), jiff::civil::Date::first_of_month);
        let in_term = (date(2026, 1, 1)..=until).contains(&month);
        let last = ended.filter(|ended| ended.first_of_month() == month);
        let from = last.unwrap_or_else(|| month.last_of_month().saturating_add(2.days()));
        !twice && in_term && from <= today
    }

    /// The months from the signature on, which is of April, until the exit that are not closed.
    pub(super) fn open_months(&self, ended: Date) -> Vec<Date> {
        let mut months = Vec::new();
        let mut month = date(2026, 4, 1);
        while month <= ended {
            if !self.months.values().any(|it| *it == month) {
                months.push(month);
            }
            month = month.saturating_add(1.month());
        }
        months
    }

    /// Whether nobody owes or is owed a fen.
    pub(super) fn is_even(&self) -> bool {
        self.bills.values().all(|bill| bill.open() == 0) && self.owed.values().all(|owed| *owed == 0)
    }

    /// Some period, where there is one.
    pub(super) fn period(&self) -> Option<&PeriodId> {
        self.months.keys().next()
    }

    /// The months that are closed.
    pub(super) fn periods(&self) -> impl Iterator<Item = &PeriodId> {
        self.months.keys()
    }

    /// Takes what was accepted.
    ///
    /// # Errors
    /// Says which shares do not add up.
    pub(super) fn take(&mut self, event: &Event) -> Result<(), String> {
        let Event::Books(event) = event else { return Ok(()) };
        match event {
            BooksEvent::Closed { close, .. } => self.close(close),
            BooksEvent::Paid(of) => {
                self.record(&of.period, Reversible::Payment, of.amount, None);
                self.receive(&of.period, of.amount.fen());
            }
            BooksEvent::Refunded(of) => {
                self.record(&of.period, Reversible::Refund, of.amount, None);
                self.receive(&of.period, -of.amount.fen());
            }
            BooksEvent::PaidOut(of) => {
                self.record(&of.period, Reversible::Payout, of.amount, Some(&of.party));
                self.pay(&of.party, of.amount.fen());
            }
            BooksEvent::Returned(of) => {
                self.record(&of.period, Reversible::Return, of.amount, Some(&of.party));
                self.pay(&of.party, -of.amount.fen());
            }
            BooksEvent::Reversed { reverse, amount } => return self.reverse(reverse, amount.fen()),
            BooksEvent::Credited { credit, shares, .. } => return self.credit(&credit.period, credit.amount, shares),
        }
        Ok(())
    }

    fn close(&mut self, close: &ClosePeriod) {
        self.months.insert(close.id.clone(), close.month.first_day());
        for of in &close.uses {
            let shares: BTreeMap<PartyId, i64> = of
                .shares
                .iter()
                .map(|(party, share)| (party.clone(), share.fen()))
                .collect();
            for (party, share) in &shares {
                *self.owed.entry(party.clone()).or_default() += share;
            }
            let charged = of.fee.fen();
            let bill = Bill {
                charged,
                received: 0,
                shares,
            };
            self.bills.insert(close.id.clone(), bill);
        }
    }

    fn record(&mut self, period: &PeriodId, kind: Reversible, amount: Money, party: Option<&PartyId>) {
        let entries = self.recorded.entry((period.clone(), kind)).or_default();
        entries.push(Recorded {
            amount: amount.fen(),
            party: party.cloned(),
            reversed: false,
        });
    }

    fn reverse(&mut self, of: &ReverseEntry, amount: i64) -> Result<(), String> {
        let entries = self.recorded.get_mut(&(of.period.clone(), of.kind));
        let entry = entries.and_then(|entries| entries.get_mut(of.which as usize - 1));
        let entry = entry.filter(|entry| entry.amount == amount);
        let Some(entry) = entry else {
            return Err(format!("{of:?} is not of {amount} fen"));
        };
        entry.reversed = true;
        match (of.kind, entry.party.clone()) {
            (Reversible::Payment, _) => self.receive(&of.period, -amount),
            (Reversible::Refund, _) => self.receive(&of.period, amount),
            (Reversible::Payout, Some(party)) => self.pay(&party, -amount),
            (Reversible::Return, Some(party)) => self.pay(&party, amount),
            (Reversible::Payout | Reversible::Return, None) => {}
        }
        Ok(())
    }

    fn receive(&mut self, period: &PeriodId, amount: i64) {
        self.cash += amount;
        self.bills.entry(period.clone()).or_default().received += amount;
    }

    fn pay(&mut self, party: &PartyId, amount: i64) {
        self.cash -= amount;
        *self.owed.entry(party.clone()).or_default() -= amount;
        *self.had.entry(party.clone()).or_default() += amount;
    }

    fn credit(&mut self, period: &PeriodId, amount: Money, back: &BTreeMap<PartyId, Money>) -> Result<(), String> {
        let bill = self.bills.entry(period.clone()).or_default();
        bill.charged -= amount.fen();
        for (party, part) in back {
            let share = bill.shares.entry(party.clone()).or_default();
            *share -= part.fen();
            *self.owed.entry(party.clone()).or_default() -= part.fen();
            if *share < 0 || part.fen() <= 0 {
                return Err(format!("{party} gives back {part}, and is left with {share} fen"));
            }
        }
        let total: i64 = bill.shares.values().sum();
        if total == bill.charged {
            return Ok(());
        }
        Err(format!("shares of {total} fen are left of a bill of {}", bill.charged))
    }

    /// Compares with the books on record; what came in is what is held or has gone out.
    ///
    /// # Errors
    /// Says what differs.
    pub(super) fn agree(&self, state: &State) -> Result<(), String> {
        let open: i64 = self.bills.values().map(Bill::open).sum();
        let owed: i64 = self.owed.values().sum();
        if self.cash < 0 || self.cash + open != owed {
            return Err(format!("{} fen are held and {open} open, but {owed} owed", self.cash));
        }
        for (id, bill) in &self.bills {
            let mut invoices = state.periods[id].invoices.values();
            let same = invoices.next().is_some_and(|it| it.open().fen() == bill.open()) && invoices.next().is_none();
            if !same {
                return Err(format!("{id} is not {bill:?}"));
            }
        }
        let Some(books) = state.books.values().next() else {
            return Ok(());
        };
        let even: i64 = books.balances().values().map(|balance| balance.fen()).sum();
        let same = self.owed.iter().all(|(party, owed)| books.owed(party).fen() == *owed);
        if even == 0 && books.cash().fen() == self.cash && same {
            return Ok(());
        }
        Err(format!("{books:?} is not {self:?}"))
    }
}
