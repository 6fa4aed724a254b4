//! Everything is decided again from the record, and the books are added up.

use gongshu_governance::money::Money;
use gongshu_governance::{Context, Moment, State, decide, evolve};

use super::Life;
use super::months::{Made, agreement};
use crate::district::{actor_of, powers, rules};

/// Decides every act again on the state that the events before it lead to.
pub(super) fn decide_again(life: &Life) {
    let mut state = State::default();
    let mut events = life.district.events.iter();
    for taken in &life.taken {
        let context = Context {
            at: taken.at,
            actor: &actor_of(&taken.party, &taken.command),
            rules: rules(),
            powers: powers(),
            seen_revision: None,
        };
        let again = decide(&state, &taken.command, &context).unwrap();
        assert_eq!(again.len(), taken.events);
        for event in again {
            assert_eq!(Some(&event), events.next());
            let sequence = state.sequence + 1;
            evolve(&mut state, &event, Moment { sequence, at: taken.at });
        }
    }
    assert_eq!(events.next(), None);
    assert_eq!(
        crate::model::picture(&state),
        crate::model::picture(&life.district.state)
    );
}

/// Double entry adds up to nothing, what was charged was invoiced, paid and paid out, to the cent.
pub(super) fn add_up(life: &Life, made: &Made) {
    let state = &life.district.state;
    let books = &state.books[&agreement()];
    let sum: Money = books.balances().values().copied().sum();
    assert_eq!(sum, Money::ZERO);
    assert_eq!(books.cash(), Money::ZERO, "all that came in was paid out");
    let invoiced: Money = state
        .periods
        .values()
        .flat_map(|period| period.invoices.values())
        .map(gongshu_governance::books::Billed::net)
        .sum();
    assert_eq!(invoiced, made.fees);
    let paid_out: Money = books
        .entries()
        .filter(|entry| entry.kind == gongshu_governance::books::EntryKind::Payout)
        .flat_map(|entry| entry.transfers.iter())
        .map(|transfer| transfer.amount)
        .sum();
    assert_eq!(paid_out, made.fees);
    let metered: u64 = state
        .periods
        .values()
        .flat_map(|it| &it.close.uses)
        .map(|it| it.calls)
        .sum();
    assert_eq!(metered, made.calls as u64);
    assert!(made.refused > 0, "a frozen scenario's calls are refused");
}
