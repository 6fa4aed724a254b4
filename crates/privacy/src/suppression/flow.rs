//! Greatest flows through the cells that are held back.

use std::collections::{HashMap, HashSet, VecDeque};

use super::{Cell, Quantity};

/// A table with what of it is held back so far.
pub(super) struct Network<'a> {
    pub(super) cells: &'a [Cell],
    pub(super) held: Vec<bool>,
    /// The cells that are held back, in the order in which they came to be.
    pub(super) order: Vec<usize>,
    /// Of them, those at each node.
    at: HashMap<usize, Vec<usize>>,
    way: Way,
    /// A cell that is not chosen.
    barred: Option<usize>,
    /// Edges that may still be looked at.
    steps_left: u64,
}

/// Which cell is chosen among those that would widen an interval. No way is the best for all tables.
#[derive(Debug, Clone, Copy)]
pub(super) enum Way {
    /// Rather one that gives all that is missing, rather no total, rather a light one.
    PartsFirst,
    /// Rather one that gives all that is missing, rather a light one.
    AllAtOnce,
    /// Rather no total, rather a light one, for as long as it takes.
    LightParts,
    /// The lightest.
    Lightest,
}

impl Way {
    pub(super) const ALL: [Self; 4] = [Self::PartsFirst, Self::AllAtOnce, Self::LightParts, Self::Lightest];

    /// What counts before the weight: whether a cell gives too little, whether it is a total.
    fn rank(self, few: bool, is_total: bool) -> (bool, bool) {
        match self {
            Self::PartsFirst => (few, is_total),
            Self::AllAtOnce => (few, false),
            Self::LightParts => (false, is_total),
            Self::Lightest => (false, false),
        }
    }
}

/// How far a cell can move one way, and why no farther.
pub(super) struct Reach {
    /// How far: all the way, or at least as far as was asked.
    pub(super) room: f64,
    /// The nodes to which more could flow, where that was less.
    within: HashSet<usize>,
    /// Whether the cell was to grow.
    grows: bool,
}

impl<'a> Network<'a> {
    pub(super) fn new(cells: &'a [Cell], way: Way, steps_max: u64) -> Self {
        let mut network = Self {
            cells,
            held: vec![false; cells.len()],
            order: vec![],
            at: HashMap::new(),
            way,
            barred: None,
            steps_left: steps_max,
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

    /// Publishes a cell after all.
    pub(super) fn give_back(&mut self, cell: usize) {
        if !std::mem::replace(&mut self.held[cell], false) {
            return;
        }
        self.order.retain(|other| *other != cell);
        let Cell { part_of, total_of, .. } = self.cells[cell];
        for node in [part_of, total_of] {
            self.at.entry(node).or_default().retain(|other| *other != cell);
        }
    }

    /// Holds back again what was held back before.
    pub(super) fn restore(&mut self, before: &[usize]) {
        before.iter().for_each(|cell| self.hold(*cell));
        self.order = before.to_vec();
    }

    /// Leaves so many edges to be looked at, at most.
    pub(super) fn limit(&mut self, steps_max: u64) {
        self.steps_left = self.steps_left.min(steps_max);
    }

    pub(super) fn steps_left(&self) -> u64 {
        self.steps_left
    }

    /// Chooses this cell never.
    pub(super) fn bar(&mut self, cell: usize) {
        self.barred = Some(cell);
    }

    /// What the table loses beyond what must be held back.
    pub(super) fn loss(&self) -> f64 {
        let others = self.order.iter().map(|cell| &self.cells[*cell]);
        others.filter(|cell| !cell.sensitive).map(|cell| cell.weight).sum()
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
        let shrinks = quantity.shrinks(grows);
        let mut changes = HashMap::new();
        let mut room = if source == sink { f64::INFINITY } else { 0.0 };
        let mut within = HashSet::new();
        while room < asked {
            let (path, seen) = self.path(cell, source, sink, shrinks, &changes)?;
            let Some(path) = path else {
                within = seen;
                break;
            };
            let capacity = |(other, forward): &(usize, bool)| capacity(*other, *forward, shrinks, &changes);
            let most = path.iter().map(capacity).fold(f64::INFINITY, f64::min);
            room += most;
            if most.is_infinite() {
                break;
            }
            for (other, forward) in path {
                *changes.entry(other).or_insert(0.0) += if forward { most } else { -most };
            }
        }
        Some(Reach { room, within, grows })
    }

    /// A shortest way from source to sink on which something can flow, else all nodes that can be reached.
    #[expect(clippy::type_complexity, reason = "a way or what was seen, used once")]
    fn path(
        &mut self,
        cell: usize,
        source: usize,
        sink: usize,
        shrinks: &[f64],
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
                self.steps_left = self.steps_left.checked_sub(1)?;
                let Cell { part_of, total_of, .. } = self.cells[other];
                let forward = part_of == node;
                let to = if forward { total_of } else { part_of };
                if seen.contains(&to) || capacity(other, forward, shrinks, changes) <= 0.0 {
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
        Some((None, seen))
    }
}

impl Reach {
    /// The published cell over which more could flow, chosen in the network's way.
    pub(super) fn widening(&self, network: &Network<'_>, asked: f64, quantity: &Quantity) -> Option<usize> {
        let missing = asked - self.room;
        let gain = |cell: usize| {
            let Cell { part_of, total_of, .. } = network.cells[cell];
            match (self.within.contains(&part_of), self.within.contains(&total_of)) {
                (true, false) => f64::INFINITY,
                (false, true) => quantity.shrinks(self.grows)[cell],
                _ => 0.0,
            }
        };
        let free = |cell: &usize| !network.held[*cell] && network.barred != Some(*cell);
        let useful = (0..network.cells.len()).filter(|cell| free(cell) && gain(*cell) > 0.0);
        let rank = |cell: usize| network.way.rank(gain(cell) < missing, network.cells[cell].is_total);
        let weight = |cell: usize| network.cells[cell].weight;
        useful.min_by(|a, b| rank(*a).cmp(&rank(*b)).then(weight(*a).total_cmp(&weight(*b))))
    }
}

/// A cell that is held back grows without bound, and shrinks so far.
fn capacity(cell: usize, forward: bool, shrinks: &[f64], changes: &HashMap<usize, f64>) -> f64 {
    match forward {
        true => f64::INFINITY,
        false => shrinks[cell] + changes.get(&cell).copied().unwrap_or(0.0),
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
