//! How far patterns are from the least: beside those that an exhaustive search finds, in small tables.
#![expect(clippy::print_stdout, reason = "how far from the least is worth reading")]

use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::*;

fn quantities(table: &Cross) -> [Quantity; 1] {
    [counts(&table.values)]
}

/// Whether every cell of a pattern is protected.
fn holds(table: &Cross, quantities: &[Quantity], held: &[bool]) -> bool {
    let mut network = Network::new(&table.cells, Way::Lightest, u64::MAX);
    let chosen = (0..held.len()).filter(|cell| held[*cell]);
    chosen.for_each(|cell| network.hold(cell));
    let order = network.order.clone();
    let protected = |cell: &usize| is_protected(&mut network, *cell, quantities).unwrap();
    order.iter().all(protected)
}

/// What a pattern holds back beyond what it must.
fn loss(table: &Cross, held: &[bool]) -> f64 {
    let cells = table.cells.iter().zip(held);
    let beyond = cells.filter(|(cell, held)| **held && !cell.sensitive);
    beyond.map(|(cell, _)| cell.weight).sum()
}

/// All patterns with the sensitive cells in them that hold back less than this, or only choose among `held`.
fn patterns<'a>(table: &'a Cross, among: &'a [bool]) -> impl Iterator<Item = Vec<bool>> + 'a {
    let open: Vec<usize> = (0..among.len())
        .filter(|cell| among[*cell] && !table.cells[*cell].sensitive)
        .collect();
    (0..1_u32 << open.len()).map(move |choice| {
        let mut held: Vec<bool> = table.cells.iter().map(|cell| cell.sensitive).collect();
        for (bit, cell) in open.iter().enumerate() {
            held[*cell] = choice >> bit & 1 == 1;
        }
        held
    })
}

/// The least loss there is, if it is under `bound`.
fn least(table: &Cross, quantities: &[Quantity], bound: f64) -> f64 {
    let all = vec![true; table.cells.len()];
    let mut least = bound;
    for held in patterns(table, &all) {
        let loss = loss(table, &held);
        if loss < least && holds(table, quantities, &held) {
            least = loss;
        }
    }
    least
}

fn tables(shape: impl Fn(&[Vec<f64>]) -> Cross, (rows, columns): (usize, usize), count: usize) -> Vec<Cross> {
    let value = prop_oneof![1 => 0..3_u32, 2 => 3..9_u32, 4 => 9..60_u32].prop_map(f64::from);
    let inner = prop::collection::vec(prop::collection::vec(value, columns), rows);
    let mut runner = TestRunner::deterministic();
    let mut table = || shape(&inner.new_tree(&mut runner).unwrap().current());
    (0..count).map(|_| table()).collect()
}

/// How many of the tables lose no more than they must, and what all of them lose to the least.
fn compared(tables: &[Cross]) -> (f64, f64) {
    let (mut best, mut lost, mut could, mut concerned) = (0.0, 0.0, 0.0, 0.0);
    for table in tables {
        let quantities = quantities(table);
        let ours = loss(table, &held_back(&table.cells, &quantities));
        let least = least(table, &quantities, ours);
        if ours > 0.0 {
            concerned += 1.0;
            best += f64::from(u8::from(ours <= least));
        }
        lost += ours;
        could += least;
    }
    let (share, excess) = (best / concerned, lost / could);
    (share, excess)
}

#[test]
fn patterns_of_small_tables_are_near_the_least() {
    for (name, tables) in [
        ("nested, 2 × 4", tables(nested, (2, 4), 150)),
        ("crossed, 2 × 3", tables(cross, (2, 3), 150)),
        ("crossed, 3 × 3", tables(cross, (3, 3), 25)),
    ] {
        let (share, excess) = compared(&tables);
        println!("{name}: {:.1} % least, {excess:.3} of the least lost", share * 100.0);
        assert!(share >= 0.95 && excess <= 1.02, "{name}: {share}, {excess}");
    }
}

#[test]
fn no_choice_among_the_cells_held_back_would_do() {
    for table in tables(nested, (2, 4), 150).iter().chain(&tables(cross, (2, 3), 150)) {
        let quantities = quantities(table);
        let held = held_back(&table.cells, &quantities);
        let fewer = patterns(table, &held).filter(|pattern| *pattern != held);
        for pattern in fewer {
            assert!(
                !holds(table, &quantities, &pattern),
                "{:?}: {held:?} and {pattern:?}",
                table.values
            );
        }
    }
}
