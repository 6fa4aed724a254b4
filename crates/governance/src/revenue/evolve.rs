//! What events of revenue change.

use std::sync::Arc;

use super::{Revenue, Settlement};
use crate::event::Event;
use crate::state::{State, change};

/// Applies an event of revenue; others change nothing here.
pub(crate) fn evolve(state: &mut State, event: &Event, revision: u64) {
    match event {
        Event::RevenuePermitted { .. } => permitted(state, event, revision),
        // The products' own ceilings follow as events of their own.
        Event::CeilingsSet { revenue, sales, .. } => change(&mut state.revenues, revenue, |revenue| {
            revenue.sales.clone_from(sales);
            revenue.revision = revision;
        }),
        Event::RevenueSettled {
            revenue,
            earned,
            excess,
        } => change(&mut state.revenues, revenue, |revenue| {
            revenue.settled = Some(Settlement {
                earned: *earned,
                excess: *excess,
            });
            revenue.revision = revision;
        }),
        Event::CeilingSet { product, ceiling, .. } => replan(state, product, *ceiling),
        _ => {}
    }
}

fn permitted(state: &mut State, event: &Event, revision: u64) {
    let Event::RevenuePermitted {
        permit,
        maximum,
        deducted,
        trial,
    } = event
    else {
        return;
    };
    let mut revenue = Revenue {
        permit: (**permit).clone(),
        maximum: *maximum,
        deducted: *deducted,
        trial: *trial,
        sales: Vec::new(),
        settled: None,
        replaced: None,
        revision,
    };
    if let Some(corrected) = &permit.replaces {
        change(&mut state.revenues, corrected, |before| {
            before.replaced = Some(permit.id.clone());
            revenue.sales.clone_from(&before.sales);
        });
    }
    state.revenues.insert_mut(permit.id.clone(), Arc::new(revenue));
}

/// A single product's new ceiling is its ceiling in every unsettled plan as well.
fn replan(state: &mut State, product: &crate::identifier::ProductId, ceiling: crate::money::Money) {
    let planned = |it: &&Arc<Revenue>| it.is_open() && it.sales.iter().any(|sale| sale.product == *product);
    let ids: Vec<_> = (state.revenues.values())
        .filter(planned)
        .map(|it| it.permit.id.clone())
        .collect();
    for id in ids {
        change(&mut state.revenues, &id, |revenue| {
            for sale in revenue.sales.iter_mut().filter(|sale| sale.product == *product) {
                sale.ceiling = ceiling;
            }
        });
    }
}
