//! What a subscription costs beside its calls, for the days on which it was served.
//!
//! A month or a year has a price. Of its days, those from the subscription on with service ([`days_served`]) are charged, each
//! its part of the price, rounded down to a fen in all: a month is a calendar month, a year twelve of them from that of the
//! subscription on. What turns out to have been charged too much, since a year is charged when it
//! begins, is given back by credit notes on the invoices that charged it.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::tally::agreement_of;
use super::{Billed, BooksEvent, CreditInvoice, Month, Period};
use crate::agreement::Agreement;
use crate::calendar::{Term, day_of};
use crate::identifier::SubscriptionId;
use crate::money::Money;
use crate::product::{Charging, Product};
use crate::service::{Stop, days_served, stops};
use crate::state::State;
use crate::subscription::Subscription;

/// What closing a month charges a subscription beside its calls, and gives back of what earlier months charged.
pub(super) struct Standing {
    /// Charged.
    pub(super) charge: Money,
    /// Given back.
    pub(super) credits: Vec<BooksEvent>,
}

impl Standing {
    fn charge(charge: Money) -> Self {
        let credits = Vec::new();
        Self { charge, credits }
    }
}

/// Of every subscription under the agreement, in the order of their ids.
pub(super) fn standing_charges<'s>(
    state: &'s State,
    agreement: &Agreement,
    month: Month,
    whole_periods: bool,
) -> BTreeMap<&'s SubscriptionId, Standing> {
    let own = |(id, _): &(&SubscriptionId, &Arc<Subscription>)| agreement_of(state, id) == Some(&agreement.terms.id);
    let subscriptions = state.subscriptions.iter().filter(own);
    let books = Closed {
        whole_periods,
        ..Closed::of(state, agreement, month)
    };
    subscriptions
        .map(|(id, subscription)| (id, books.standing(state, subscription)))
        .collect()
}

/// A month that is closed, with those that were closed before.
struct Closed<'s> {
    month: Month,
    /// Whether a day is a part of the whole month or year, and not of the days from the subscription on.
    whole_periods: bool,
    /// The last day of which anything is known: that of the newest month.
    horizon: Date,
    before: Vec<&'s Period>,
}

impl<'s> Closed<'s> {
    fn of(state: &'s State, agreement: &Agreement, month: Month) -> Self {
        let own = |period: &&Period| period.close.agreement == agreement.terms.id;
        let mut before: Vec<&Period> = state.periods.values().map(|period| &**period).filter(own).collect();
        before.sort_by_key(|period| std::cmp::Reverse(period.close.month));
        let newest = before.first().map_or(month, |period| period.close.month.max(month));
        let horizon = newest.last_day();
        Self {
            month,
            whole_periods: true,
            horizon,
            before,
        }
    }

    fn standing(&self, state: &State, subscription: &Subscription) -> Standing {
        let nothing = Standing::charge(Money::ZERO);
        let Some(product) = state.products.get(&subscription.order.product) else {
            return nothing;
        };
        let scenario = state.scenarios.get(&product.submission.scenario);
        let free = scenario.is_none_or(|scenario| scenario.application.price_class.is_free());
        let opened = Month::at(subscription.opened);
        let left = subscription.closed.map(Month::at);
        if free || self.month < opened || left.is_some_and(|left| left < self.month) {
            return nothing;
        }
        match product.charging {
            Charging::Call | Charging::Row | Charging::Megabyte => nothing,
            Charging::Once => self.once(state, product, subscription),
            Charging::Month => self.by_time(state, product, subscription, (self.month, self.month)),
            Charging::Year => self.by_time(state, product, subscription, year(opened, self.month)),
        }
    }

    /// The price of the product, in the first month with a day of service, less what any month has charged of it.
    fn once(&self, state: &State, product: &Product, subscription: &Subscription) -> Standing {
        let term = from_opening(subscription, (self.month, self.month));
        let stops = stops(state, product);
        let served = |term| self.served(&stops, term, subscription) > 0;
        let earlier = Term {
            from: day_of(subscription.opened),
            until: self.month.first_day().saturating_sub(jiff::Span::new().days(1)),
        };
        let price = product.price_for(subscription, term.from);
        let due = price.filter(|_| served(term) && !served(earlier)).unwrap_or_default();
        let periods = self.before.iter();
        let billed = periods.filter_map(|it| it.invoices.get(&subscription.order.id));
        let charged: Money = billed.map(Billed::standing).sum();
        Standing::charge((due - charged).max(Money::ZERO))
    }

    /// What the days of a month or year with service cost, less what of it is charged.
    fn by_time(
        &self,
        state: &State,
        product: &Product,
        subscription: &Subscription,
        months: (Month, Month),
    ) -> Standing {
        // A year is charged with the month in which it begins, and only put right with later ones.
        let begins = self.month == months.0;
        if !begins && self.before.iter().all(|period| period.close.month != months.0) {
            return Standing::charge(Money::ZERO);
        }
        let term = from_opening(subscription, months);
        let price = product.price_for(subscription, term.from).unwrap_or_default();
        let served = self.served(&stops(state, product), term, subscription);
        let whole = if self.whole_periods { days_of(months) } else { term };
        let due = price.for_parts(served, whole.days()).unwrap_or_default();
        let billed = self.billed(subscription, months);
        let charged: Money = billed.iter().map(|(_, billed)| billed.standing()).sum();
        Standing {
            charge: (due - charged).max(Money::ZERO),
            credits: self.give_back((charged - due).max(Money::ZERO), &billed),
        }
    }

    fn served(&self, stops: &[Stop], term: Term, subscription: &Subscription) -> u64 {
        days_served(stops, term, subscription.closed, self.horizon)
    }

    /// The invoices of a subscription for these months, the newest first.
    fn billed(&self, subscription: &Subscription, (first, last): (Month, Month)) -> Vec<(&'s Period, &'s Billed)> {
        let within = |period: &&&Period| (first..=last).contains(&period.close.month);
        let invoice = |period: &&'s Period| Some((*period, period.invoices.get(&subscription.order.id)?));
        self.before.iter().filter(within).filter_map(invoice).collect()
    }

    /// Credit notes of so much in all, none of more than its invoice still charges.
    fn give_back(&self, amount: Money, billed: &[(&Period, &Billed)]) -> Vec<BooksEvent> {
        let mut left = amount;
        let mut credits = Vec::new();
        for (period, billed) in billed {
            let amount = left.min(billed.standing()).min(billed.net());
            if amount <= Money::ZERO {
                continue;
            }
            left = left - amount;
            credits.push(BooksEvent::Credited {
                credit: CreditInvoice {
                    period: period.close.id.clone(),
                    subscription: billed.invoice.subscription.clone(),
                    amount,
                    reason: format!("{} 月结账：未提供服务的天数不收费", self.month),
                },
                shares: billed.give_back(amount),
                unserved: true,
            });
        }
        credits
    }
}

/// The year of a subscription in which a month falls: twelve months, the first the one of its opening.
fn year(opened: Month, month: Month) -> (Month, Month) {
    let months = |month: Month| {
        let day = month.first_day();
        i32::from(day.year()) * 12 + i32::from(day.month())
    };
    let begun = (months(month) - months(opened)) / 12 * 12;
    let plus = |count: i32| Month::of(opened.first_day().saturating_add(jiff::Span::new().months(count)));
    (plus(begun), plus(begun + 11))
}

/// The days of these months on which a subscription could run.
fn from_opening(subscription: &Subscription, months: (Month, Month)) -> Term {
    let Term { from, until } = days_of(months);
    let from = from.max(day_of(subscription.opened));
    Term { from, until }
}

/// All days of these months.
fn days_of((first, last): (Month, Month)) -> Term {
    Term {
        from: first.first_day(),
        until: last.last_day(),
    }
}
