//! Everything is decided again from the record, and the books are added up.

use std::collections::BTreeSet;

use gongshu_governance::books::{EntryKind, Month, Tally};
use gongshu_governance::calendar::day_of;
use gongshu_governance::money::Money;
use gongshu_governance::{Actor, Command, Context, Moment, State, decide, evolve};
use jiff::civil::Date;

use crate::district::{actor_of, powers, rules};
use crate::life::begin::{charging, is_free, price};
use crate::life::months::{Called, add, agreement, banks};
use crate::life::{Life, MONTHS, PRODUCTS, SCENARIOS, Taken};

/// Decides every act and every call again, in their order, each on the state that the events before it lead to.
pub(super) fn decide_again(life: &Life) {
    let (mut state, mut tally, banks) = (State::default(), Tally::default(), banks());
    let mut events = life.district.events.iter();
    let mut calls = life.calls.iter().peekable();
    for (number, taken) in life.taken.iter().enumerate() {
        while let Some(called) = calls.next_if(|called| called.acts == number) {
            call_again(&state, called, &banks, &mut tally);
        }
        if let Command::ClosePeriod(close) = &taken.command {
            assert_eq!(close.uses, tally.uses(&state, &agreement(), close.month));
        }
        let again = act_again(&state, taken);
        assert_eq!(again.len(), taken.events);
        for event in again {
            assert_eq!(Some(&event), events.next());
            let sequence = state.sequence + 1;
            evolve(&mut state, &event, Moment { sequence, at: taken.at });
        }
    }
    assert!(events.next().is_none() && calls.next().is_none());
    assert_eq!(
        crate::model::picture(&state),
        crate::model::picture(&life.district.state)
    );
}

fn act_again(state: &State, taken: &Taken) -> Vec<gongshu_governance::Event> {
    let context = Context {
        at: taken.at,
        actor: &actor_of(&taken.party, &taken.command),
        rules: rules(),
        powers: powers(),
        seen_revision: None,
    };
    decide(state, &taken.command, &context).unwrap()
}

fn call_again(state: &State, called: &Called, banks: &[Actor], tally: &mut Tally) {
    match (called.permitted(state, banks), called.fee) {
        (Ok(permit), Some(fee)) => {
            assert_eq!(permit.fee, fee);
            let shared: Money = permit.split.iter().map(|(_, share)| *share).sum();
            assert_eq!(shared, fee);
            add(tally, Month::at(called.at), called, &permit);
        }
        (Err(_), None) => {}
        (again, fee) => panic!("{again:?}, but it cost {fee:?}"),
    }
}

/// Double entry adds up to nothing, what was charged was invoiced, paid and paid out, to the cent.
pub(super) fn add_up(life: &Life) {
    let state = &life.district.state;
    let books = &state.books[&agreement()];
    let sum: Money = books.balances().values().copied().sum();
    assert_eq!(sum, Money::ZERO);
    assert_eq!(books.cash(), Money::ZERO, "all that came in was paid out");
    let fees: Money = life.calls.iter().filter_map(|called| called.fee).sum();
    let charged = fees + standing(life);
    let invoices = state.periods.values().flat_map(|period| period.invoices.values());
    let invoiced: Money = invoices.map(gongshu_governance::books::Billed::net).sum();
    assert_eq!(invoiced, charged);
    let moved = |kind| -> Money {
        let entries = books.entries().filter(|entry| entry.kind == kind);
        entries
            .flat_map(|entry| entry.transfers.iter())
            .map(|it| it.amount)
            .sum()
    };
    let given_back = moved(EntryKind::CreditNote);
    assert!(given_back > Money::ZERO);
    assert_eq!(moved(EntryKind::Refund), given_back);
    let reversed = moved(EntryKind::Reversal);
    assert!(reversed > Money::ZERO);
    let all = [moved(EntryKind::Invoice), moved(EntryKind::Payment) - reversed];
    assert_eq!(all, [charged + given_back; 2]);
    assert_eq!(moved(EntryKind::Payout), charged);
    let answered = life.calls.iter().filter(|called| called.fee.is_some()).count();
    let metered = state.periods.values().flat_map(|it| &it.close.uses);
    assert_eq!(metered.map(|it| it.calls).sum::<u64>(), answered as u64);
    let refused = life.calls.len() - answered;
    assert!(
        refused > 0 && refused < life.calls.len() / 100,
        "a frozen scenario's calls are refused"
    );
}

/// What two subscriptions to each product cost beside calls: by month for each, by year twice, by product once; less the days
/// of the first March before they subscribed, and the nine days for which a scenario was frozen, in its sixteenth month, June of
/// 2027, and its second year.
fn standing(life: &Life) -> Money {
    let opened = life.district.state.subscriptions.values().map(|it| day_of(it.opened));
    let opened: BTreeSet<Date> = opened.collect();
    let opened = opened.first().filter(|_| opened.len() == 1).unwrap();
    assert_eq!((opened.year(), opened.month()), (2026, 3));
    let missed = u64::try_from(opened.day()).unwrap() - 1;
    let frozen = |product: usize| product % SCENARIOS == 1;
    let cost = |product: usize| {
        let (price, frozen) = (price(product), frozen(product));
        let part = |days: u64| price.for_parts(if frozen { days - 9 } else { days }, days).unwrap();
        match charging(product) {
            _ if is_free(product % SCENARIOS) => Money::ZERO,
            "month" => price.for_parts(31 - missed, 31).unwrap() + price.times(MONTHS as u64 - 2).unwrap() + part(30),
            "year" => price.for_parts(365 - missed, 365).unwrap() + part(366),
            "once" => price,
            _ => Money::ZERO,
        }
    };
    (0..PRODUCTS).map(|product| cost(product).times(2).unwrap()).sum()
}
