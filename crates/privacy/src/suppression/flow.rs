//! Greatest flows through the cells that are held back.

use std::collections::{HashMap, HashSet, VecDeque};

use super::{Cell, Quantity, STEPS_MAX};

/// A table with what of it is held back so far.
pub(super) struct Network<'a> {
    pub(super) cells: &'a [Cell],
    pub(super) held: Vec<bool>,
    /// The cells that are held back, in the order in which they came to be.
    pub(super) order: Vec<usize>,
    /// Of them, those at each node.
    at: HashMap<usize, Vec<usize>>,
    steps: u64,
}

/// How far a cell can move one way, and why no farther.
pub(super) struct Reach {
    /// How far: all the way, or at least as far as was asked.
    pub(super) room: f64,
    /// The nodes to which more could flow, where that was less.
    within: HashSet<usize>,
}

impl<'a> Network<'a> {
    pub(super) fn new(cells: &'a [Cell]) -> Self {
        let mut network = Self {
            cells,
            held: vec![false; cells.len()],
            order: vec![],
            at: HashMap::new(),
            steps: 0,
        };
        let sensitive = (0..cells.len()).filter(|cell| cells[*cell].sensitive);
        sensitive.for_each(|cell| network.hold(cell));
        network
    }

    pub(super) fn hold(&mut self, cell: usize) {
        if std::mem::replace(&mut self.held[cell], true) {
            return;
        }
        self.order.push(cell);
        let Cell { part_of, total_of, .. } = self.cells[cell];
        for node in [part_of, total_of] {
            self.at.entry(node).or_default().push(cell);
        }
    }

    /// How far `cell` can grow (or shrink) while all that is published stands, as far as `asked`. None where the search
    /// takes too long. What the cell gains flows back from its end to its start through the others.
    pub(super) fn reach(&mut self, cell: usize, grows: bool, asked: f64, quantity: &Quantity) -> Option<Reach> {
        let Cell { part_of, total_of, .. } = self.cells[cell];
        let (source, sink) = if grows {
            (total_of, part_of)
        } else {
            (part_of, total_of)
        };
        let mut changes = HashMap::new();
        let mut room = if source == sink { f64::INFINITY } else { 0.0 };
        let mut within = HashSet::new();
        while room < asked {
            let (path, seen) = self.path(cell, source, sink, quantity, &changes)?;
            let Some(path) = path else {
                within = seen;
                break;
            };
            let capacity = |(other, forward): &(usize, bool)| capacity(*other, *forward, quantity, &changes);
            let most = path.iter().map(capacity).fold(f64::INFINITY, f64::min);
            room += most;
            if most.is_infinite() {
                break;
            }
            for (other, forward) in path {
                *changes.entry(other).or_insert(0.0) += if forward { most } else { -most };
            }
        }
        Some(Reach { room, within })
    }

    /// A shortest way from source to sink on which something can flow, else all nodes that can be reached.
    #[expect(clippy::type_complexity, reason = "a way or what was seen, used once")]
    fn path(
        &mut self,
        cell: usize,
        source: usize,
        sink: usize,
        quantity: &Quantity,
        changes: &HashMap<usize, f64>,
    ) -> Option<(Option<Vec<(usize, bool)>>, HashSet<usize>)> {
        let mut came: HashMap<usize, (usize, usize, bool)> = HashMap::new();
        let mut seen = HashSet::from([source]);
        let mut waiting = VecDeque::from([source]);
        while let Some(node) = waiting.pop_front() {
            for other in self
                .at
                .get(&node)
                .into_iter()
                .flatten()
                .copied()
                .filter(|other| *other != cell)
            {
                self.steps += 1;
                let Cell { part_of, total_of, .. } = self.cells[other];
                let forward = part_of == node;
                let to = if forward { total_of } else { part_of };
                if seen.contains(&to) || capacity(other, forward, quantity, changes) <= 0.0 {
                    continue;
                }
                seen.insert(to);
                came.insert(to, (node, other, forward));
                if to == sink {
                    return Some((Some(way(&came, source, sink)), seen));
                }
                waiting.push_back(to);
            }
        }
        (self.steps <= STEPS_MAX).then_some((None, seen))
    }
}

impl Reach {
    /// The published cell over which more could flow: rather one that gives all that is missing, rather no total, rather
    /// one of little weight.
    pub(super) fn widening(&self, network: &Network<'_>, asked: f64, quantity: &Quantity) -> Option<usize> {
        let missing = asked - self.room;
        let gain = |cell: usize| {
            let Cell { part_of, total_of, .. } = network.cells[cell];
            match (self.within.contains(&part_of), self.within.contains(&total_of)) {
                (true, false) => f64::INFINITY,
                (false, true) => quantity.slack[cell],
                _ => 0.0,
            }
        };
        let useful = (0..network.cells.len()).filter(|cell| !network.held[*cell] && gain(*cell) > 0.0);
        let rank = |cell: usize| {
            let Cell { is_total, weight, .. } = network.cells[cell];
            (gain(cell) < missing, is_total, weight)
        };
        useful.min_by(|a, b| {
            let ((few_a, total_a, weight_a), (few_b, total_b, weight_b)) = (rank(*a), rank(*b));
            (few_a, total_a)
                .cmp(&(few_b, total_b))
                .then(weight_a.total_cmp(&weight_b))
        })
    }
}

/// A cell that is held back grows without bound, and shrinks by its slack.
fn capacity(cell: usize, forward: bool, quantity: &Quantity, changes: &HashMap<usize, f64>) -> f64 {
    match forward {
        true => f64::INFINITY,
        false => quantity.slack[cell] + changes.get(&cell).copied().unwrap_or(0.0),
    }
}

fn way(came: &HashMap<usize, (usize, usize, bool)>, source: usize, sink: usize) -> Vec<(usize, bool)> {
    let (mut edges, mut node) = (vec![], sink);
    while node != source {
        let Some((before, cell, forward)) = came.get(&node) else {
            break;
        };
        edges.push((*cell, *forward));
        node = *before;
    }
    edges
}
