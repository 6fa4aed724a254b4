//! Complementary suppression: in a table with totals, what is held back must not be found again by subtraction. The
//! guarantee is in `guarantee.md`.
//!
//! A table is a network. Each equation "a total is the sum of its parts" is a node, each cell an edge from the equation
//! in which it is a part to the one in which it is the total, so that every node receives what it gives. What is
//! published is fixed; what is held back may grow without bound and shrink by its slack. How far a cell can move while
//! all published ones stand is then a greatest flow from one of its ends to the other through the cells held back,
//! exactly: neither a linear program nor its tolerance is needed.

mod flow;
#[cfg(test)]
mod tests;

use flow::Network;

/// The node outside of every equation: finest cells lead to it, and the topmost totals come from it.
pub const GROUND: usize = 0;

/// A cell of a table with totals.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cell {
    /// The equation of which it is a part.
    pub part_of: usize,
    /// The equation of which it is the total.
    pub total_of: usize,
    /// Whether it is held back for its own sake.
    pub sensitive: bool,
    /// Whether it is a total of others.
    pub is_total: bool,
    /// What the table loses with it.
    pub weight: f64,
}

/// Numbers of the cells that add up along the equations, and how much must stay unknown of those held back.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    /// How far each cell can shrink, as far as everybody knows: a count down to zero.
    pub slack: Vec<f64>,
    /// How far each cell must be able to grow, and to shrink within its slack, where it is sensitive.
    pub aside: Vec<f64>,
    /// Least width of the interval of every cell that is held back.
    pub width: f64,
}

/// Edges that may be looked at before the search gives up and holds back all totals.
const STEPS_MAX: u64 = 50_000_000;

/// Which cells are held back: the sensitive ones, and as many others as protect them in every quantity.
#[must_use]
pub fn held_back(cells: &[Cell], quantities: &[Quantity]) -> Vec<bool> {
    let mut network = Network::new(cells);
    let protected = known(quantities) && protect(&mut network, quantities).is_some();
    match protected {
        true => network.held,
        // Without totals there are no equations.
        false => cells.iter().map(|cell| cell.sensitive || cell.is_total).collect(),
    }
}

fn known(quantities: &[Quantity]) -> bool {
    let mut numbers = quantities
        .iter()
        .flat_map(|quantity| quantity.slack.iter().chain(&quantity.aside));
    numbers.all(|number| number.is_finite())
}

/// Holds back more until every cell that is held back is protected; none where it takes too long. What is held back in
/// addition never narrows another's interval, so a cell that is protected stays so.
fn protect(network: &mut Network<'_>, quantities: &[Quantity]) -> Option<()> {
    let mut next = 0;
    while let Some(cell) = network.order.get(next).copied() {
        for quantity in quantities {
            while let Some(more) = lacking(network, cell, quantity)? {
                network.hold(more);
            }
        }
        next += 1;
    }
    Some(())
}

/// A cell that would widen the interval of this one, where it is too narrow.
fn lacking(network: &mut Network<'_>, cell: usize, quantity: &Quantity) -> Option<Option<usize>> {
    let sensitive = network.cells[cell].sensitive;
    let aside = if sensitive { quantity.aside[cell] } else { 0.0 };
    let (slack, below) = (quantity.slack[cell], aside.min(quantity.slack[cell]));
    let upward = network.reach(cell, true, aside.max(quantity.width), quantity)?;
    if upward.room < aside {
        return upward.widening(network, aside, quantity).map(Some);
    }
    let enough = below.max(quantity.width - upward.room).min(slack);
    let downward = network.reach(cell, false, enough, quantity)?;
    if downward.room < below {
        return downward.widening(network, below, quantity).map(Some);
    }
    if upward.room + downward.room.min(slack) < quantity.width {
        let missing = quantity.width - downward.room.min(slack);
        return upward.widening(network, missing, quantity).map(Some);
    }
    Some(None)
}
