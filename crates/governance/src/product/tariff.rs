//! What a product costs whom on which day. Everybody pays the same; whoever subscribed before a change pays the old
//! price until the notice is over.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Charging, Product};
use crate::calendar::{Term, day_of};
use crate::money::Money;
use crate::subscription::Subscription;

/// A price that was set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tariff {
    /// What it costs.
    pub price: Money,
    /// Place of its setting in the order of all events: who subscribes later pays it at once.
    pub sequence: u64,
    /// From which day those pay it who had subscribed before.
    pub from: Date,
    /// When it was set.
    pub at: Timestamp,
    /// By what was charged then.
    pub charging: Charging,
}

/// A ceiling that was set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldCeiling {
    /// The most that a unit may cost.
    pub ceiling: Money,
    /// When it was set.
    pub at: Timestamp,
}

impl Product {
    /// The price for a subscription on this day.
    #[must_use]
    pub fn price_for(&self, subscription: &Subscription, day: Date) -> Option<Money> {
        let holds = |tariff: &&Tariff| tariff.sequence < subscription.sequence || tariff.from <= day;
        self.tariffs.iter().rev().find(holds).map(|tariff| tariff.price)
    }

    /// The prices that a subscription pays on these days, in order, each with the first day of it.
    #[must_use]
    pub fn prices_on(&self, subscription: &Subscription, days: Term) -> Vec<(Date, Money)> {
        let first = days.from.max(day_of(subscription.opened));
        let turns = self.tariffs.iter().map(|tariff| tariff.from);
        let mut turns: Vec<Date> = turns.filter(|day| first < *day && *day <= days.until).collect();
        turns.push(first);
        turns.sort_unstable();
        let paid = turns.into_iter();
        let paid = paid.filter_map(|day| Some((day, self.price_for(subscription, day)?)));
        let mut prices: Vec<(Date, Money)> = paid.collect();
        prices.dedup_by_key(|(_, price)| *price);
        prices
    }

    /// What one call costs under a subscription: nothing where the product is charged otherwise.
    #[must_use]
    pub fn call_price(&self, subscription: &Subscription, day: Date) -> Option<Money> {
        let price = self.price_for(subscription, day)?;
        Some(match self.charging {
            Charging::Call => price,
            Charging::Once | Charging::Month | Charging::Year | Charging::Row | Charging::Megabyte => Money::ZERO,
        })
    }

    /// The price of one row or megabyte of an answer under a subscription: none where the product is charged otherwise.
    #[must_use]
    pub fn volume_price(&self, subscription: &Subscription, day: Date) -> Option<Money> {
        match self.charging {
            Charging::Row | Charging::Megabyte => self.price_for(subscription, day),
            Charging::Call | Charging::Once | Charging::Month | Charging::Year => None,
        }
    }
}
