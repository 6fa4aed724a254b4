//! Complementary suppression: in a table with totals, what is held back must not be found again by subtraction. The
//! guarantee is in `guarantee.md`.
//!
//! A table is a network. Each equation "a total is the sum of its parts" is a node, each cell an edge from the equation
//! in which it is a part to the one in which it is the total, so that every node receives what it gives. What is
//! published is fixed; what is held back may grow without bound and shrink by its slack. How far a cell can move while
//! all published ones stand is then a greatest flow from one of its ends to the other through the cells held back,
//! exactly: neither a linear program nor its tolerance is needed.
//!
//! The cells behind which one is hidden have contributors too, who know what they have themselves. So a cell counts as
//! cover for others by what it holds beside its largest contribution: of two cells with one contributor each, whose sum
//! is known, either contributor finds the other's.

mod flow;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

use flow::{Network, Reach, Way};

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
    /// How far it can shrink, as far as whoever has most of it knows: not below what that one has. Of a total that follows
    /// from its parts, so that it is the slack.
    pub cover: Vec<f64>,
    /// How far each cell must be able to grow, and to shrink within its slack, where it is sensitive.
    pub aside: Vec<f64>,
    /// Least width of the interval of every cell that is held back.
    pub width: f64,
}

impl Quantity {
    /// How far other cells shrink where one grows: whoever knows what it has in one of them bounds a cell from above no
    /// closer than everybody; where one shrinks, as far as everybody knows.
    fn shrinks(&self, grows: bool) -> &[f64] {
        if grows { &self.cover } else { &self.slack }
    }
}

/// Edges that may be looked at before the search gives up and holds back all totals.
const STEPS_MAX: u64 = 50_000_000;
/// Edges that may be looked at to find a pattern that holds back less: for each way to choose, and for all patterns
/// without one of the cells together.
const THINNING_STEPS_MAX: u64 = 2_000_000;
/// Largest table for which every way to choose is tried.
const WAYS_CELLS_MAX: usize = 1_024;

/// Which cells are held back: the sensitive ones, and others that protect them in every quantity, none of which could
/// be published.
#[must_use]
pub fn held_back(cells: &[Cell], quantities: &[Quantity]) -> Vec<bool> {
    let found = known(quantities).then(|| lightest(cells, quantities)).flatten();
    // Without totals there are no equations.
    found.unwrap_or_else(|| cells.iter().map(|cell| cell.sensitive || cell.is_total).collect())
}

fn known(quantities: &[Quantity]) -> bool {
    let mut numbers = quantities
        .iter()
        .flat_map(|quantity| quantity.slack.iter().chain(&quantity.cover).chain(&quantity.aside));
    numbers.all(|number| number.is_finite())
}

/// The lightest of the patterns to which the ways to choose lead, with and without each of its own cells; none where
/// none is found in time.
fn lightest(cells: &[Cell], quantities: &[Quantity]) -> Option<Vec<bool>> {
    let mut best = pattern(&mut Network::new(cells, Way::PartsFirst, STEPS_MAX), quantities);
    if cells.len() > WAYS_CELLS_MAX {
        return best.map(|best| best.held);
    }
    for way in Way::ALL {
        let other = pattern(&mut Network::new(cells, way, THINNING_STEPS_MAX), quantities);
        lighter(&mut best, other);
    }
    let (mut tried, mut steps_left) = (HashSet::new(), THINNING_STEPS_MAX);
    while let Some(cell) = best.as_ref().and_then(|best| best.heaviest(cells, &tried)) {
        tried.insert(cell);
        for way in Way::ALL {
            let mut network = Network::new(cells, way, steps_left);
            network.bar(cell);
            let other = pattern(&mut network, quantities);
            steps_left = network.steps_left();
            lighter(&mut best, other);
        }
    }
    best.map(|best| best.held)
}

/// Which cells are held back, and what the table loses beyond what must be.
struct Pattern {
    held: Vec<bool>,
    loss: f64,
}

impl Pattern {
    /// The heaviest cell that is not held back for its own sake, of those that have not been tried.
    fn heaviest(&self, cells: &[Cell], tried: &HashSet<usize>) -> Option<usize> {
        let others = (0..cells.len()).filter(|cell| self.held[*cell] && !cells[*cell].sensitive);
        let others = others.filter(|cell| !tried.contains(cell));
        others.max_by(|a, b| cells[*a].weight.total_cmp(&cells[*b].weight))
    }
}

/// A pattern in which every cell is protected and none is held back in vain, where one is found in time.
fn pattern(network: &mut Network<'_>, quantities: &[Quantity]) -> Option<Pattern> {
    protect(network, quantities)?;
    network.limit(THINNING_STEPS_MAX);
    thin(network, quantities);
    Some(Pattern {
        held: network.held.clone(),
        loss: network.loss(),
    })
}

fn lighter(best: &mut Option<Pattern>, other: Option<Pattern>) {
    let Some(other) = other else { return };
    if best.as_ref().is_none_or(|best| other.loss < best.loss) {
        *best = Some(other);
    }
}

/// Holds back more until every cell that is held back is protected; none where it takes too long. What is held back in
/// addition never narrows another's interval, so a cell that is protected stays so.
fn protect(network: &mut Network<'_>, quantities: &[Quantity]) -> Option<()> {
    let mut next = 0;
    while let Some(cell) = network.order.get(next).copied() {
        for quantity in quantities {
            while let Some((reach, asked)) = lacking(network, cell, quantity)? {
                let more = reach.widening(network, asked, quantity)?;
                network.hold(more);
            }
        }
        next += 1;
    }
    Some(())
}

/// Gives back what is not needed, the heaviest first, as long as there is time. Afterwards no smaller choice among the
/// cells that are held back would do: two choices that do make one together, so what a cell that is given back leaves
/// without protection goes with it, and what could not be given back once cannot be later.
fn thin(network: &mut Network<'_>, quantities: &[Quantity]) {
    let mut others = network.order.clone();
    others.retain(|cell| !network.cells[*cell].sensitive);
    others.sort_by(|a, b| network.cells[*b].weight.total_cmp(&network.cells[*a].weight));
    for cell in others {
        if !network.held[cell] {
            continue;
        }
        let before = network.order.clone();
        match without(network, cell, quantities) {
            Some(true) => {}
            Some(false) => network.restore(&before),
            None => return network.restore(&before),
        }
    }
}

/// Gives back a cell, and then all others that are unprotected without it; whether the sensitive ones stay protected.
fn without(network: &mut Network<'_>, cell: usize, quantities: &[Quantity]) -> Option<bool> {
    let mut exposed = vec![cell];
    while !exposed.is_empty() {
        exposed.iter().for_each(|cell| network.give_back(*cell));
        exposed.clear();
        for held in network.order.clone() {
            if is_protected(network, held, quantities)? {
                continue;
            }
            if network.cells[held].sensitive {
                return Some(false);
            }
            exposed.push(held);
        }
    }
    Some(true)
}

fn is_protected(network: &mut Network<'_>, cell: usize, quantities: &[Quantity]) -> Option<bool> {
    for quantity in quantities {
        if lacking(network, cell, quantity)?.is_some() {
            return Some(false);
        }
    }
    Some(true)
}

/// Where the interval of a cell is too narrow: the way in which it has to move farther, and how far.
fn lacking(network: &mut Network<'_>, cell: usize, quantity: &Quantity) -> Option<Option<(Reach, f64)>> {
    let sensitive = network.cells[cell].sensitive;
    let aside = if sensitive { quantity.aside[cell] } else { 0.0 };
    let (slack, below) = (quantity.slack[cell], aside.min(quantity.slack[cell]));
    let upward = network.reach(cell, true, aside.max(quantity.width), quantity)?;
    if upward.room < aside {
        return Some(Some((upward, aside)));
    }
    let enough = below.max(quantity.width - upward.room).min(slack);
    let downward = network.reach(cell, false, enough, quantity)?;
    if downward.room < below {
        return Some(Some((downward, below)));
    }
    let down = downward.room.min(slack);
    let narrow = upward.room + down < quantity.width;
    Some(narrow.then_some((upward, quantity.width - down)))
}
