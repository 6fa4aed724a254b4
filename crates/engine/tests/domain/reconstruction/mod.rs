//! Reconstruction attacks in earnest, each beside what it finds where nothing is controlled: persons put into subsets
//! (`subsets`), contributors to the sums of cells (`cells`), and cells between their totals (`tables`). The table that
//! is printed says how far each control holds.

mod cells;
mod subsets;
mod tables;

use std::collections::BTreeMap;

use cells::Found;
use subsets::{QUERIES, Shares};

/// A multiplicative congruential generator: the same attack in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    /// A number of `least` up to, and without, `end`.
    fn within(&mut self, least: i64, end: i64) -> i64 {
        least + i64::try_from(self.roll() % u64::try_from(end - least).unwrap()).unwrap()
    }
}

#[tokio::test]
async fn reconstruction_finds_what_each_control_leaves() {
    println!("share of secrets found from {QUERIES:?} answers about subsets, by least squares | by a linear program;");
    println!("guessing finds half of the bits");
    let subsets = subsets::attacked().await;
    subsets_printed(&subsets);
    println!();
    println!("share of contributors whose amount is found to a tenth, of the share on unprotected answers,");
    println!("by the most that the sum can be | by the middle of what it can be");
    let (cells, tables) = (cells::attacked().await, tables::attacked().await);
    let unprotected = [&cells["none"], &tables["none, totals"]];
    contributors_printed(&cells, unprotected[0]);
    contributors_printed(&tables, unprotected[1]);
    subsets_hold(&subsets);
    for of in unprotected {
        let least = of.shares.iter().flatten().flatten().copied().fold(1.0, f64::min);
        assert!(least > 0.1, "the attack is no attack: {of:?}");
    }
    cells_hold(&cells);
    tables_hold(&tables);
}

fn subsets_printed(subsets: &subsets::Table) {
    println!(
        "{:<28} {:>13} {:>13} {:>13} {:>13}",
        "", "bits, few", "bits, many", "amounts, few", "amounts, many"
    );
    let both = |of: [Shares; 2], share: fn(Shares) -> f64| format!("{:.2} | {:.2}", share(of[0]), share(of[1]));
    for (name, [few, many]) in &subsets.exact {
        println!(
            "{name:<28} {:>13} {:>13} {:>13} {:>13}",
            both(*few, |it| it.bits),
            both(*many, |it| it.bits),
            both(*few, |it| it.amounts),
            both(*many, |it| it.amounts)
        );
    }
    let [squares, program] = subsets.private;
    println!(
        "{:<28} {:>13} {:>13}   ({} answers, then the budget is spent)",
        "private, ρ = 1",
        "",
        format!("{squares:.2} | {program:.2}"),
        subsets.private_answers
    );
}

fn contributors_printed(rows: &BTreeMap<&str, Found>, unprotected: &Found) {
    let heads = cells::ATTACKERS.map(|head| format!("{head:>23}")).join(" ");
    println!("{:<28} {heads}", "");
    for (name, found) in rows {
        let cell = |(share, of): (&Option<[f64; 2]>, &Option<[f64; 2]>)| match (share, of) {
            (Some([most, middle]), Some([of, _])) => format!("{most:.2} | {middle:.2} of {of:.2}"),
            _ => String::new(),
        };
        let shares = found.shares.iter().zip(&unprotected.shares).map(cell);
        let shares: Vec<String> = shares.map(|cell| format!("{cell:>23}")).collect();
        println!("{name:<28} {}", shares.join(" "));
    }
}

fn subsets_hold(subsets: &subsets::Table) {
    let of = |wanted: &str| subsets.exact.iter().find(|(name, _)| *name == wanted).unwrap().1;
    let [few, many] = of("none");
    for by in 0..2 {
        assert!(
            few[by].bits > 0.99 && many[by].bits > 0.99 && many[by].amounts > 0.99,
            "the attack is no attack: {few:?} {many:?}"
        );
    }
    let [few, many] = of("cell key");
    for by in 0..2 {
        assert!(
            few[by].bits < 0.9 && few[by].amounts < 0.5 && many[by].amounts < 0.8,
            "{few:?} {many:?}"
        );
    }
    let (private, answers) = (subsets.private, subsets.private_answers);
    assert!(
        private.iter().all(|share| *share < 0.85) && answers == 50,
        "{private:?} from {answers} answers"
    );
}

/// What is promised of one sum: the (n, k) rule that no outsider comes near the largest, the p % rule that no
/// contributor comes nearer than p % either; the noise of the cell key that it is luck.
fn cells_hold(cells: &BTreeMap<&str, Found>) {
    let [outsider, second, largest, _] = cells["dominance (1, 75 %)"].most();
    assert_eq!(outsider, 0.0);
    assert!(
        second > 0.0 && largest > 0.0,
        "p % is for what dominance leaves: {second} {largest}"
    );
    for name in ["p % (10)", "dominance, p %"] {
        assert_eq!(cells[name].most()[..3], [0.0; 3], "{name}");
    }
    for name in ["cell key", "private, ρ = 1"] {
        let most = cells[name].most();
        assert!(most.iter().all(|share| *share < 0.2), "{name}: {most:?}");
    }
}

/// What is promised of tables with totals: nobody has an upper bound near another's amount in a cell, be it an outsider, a
/// contributor to the cell, or the largest of another cell that is held back.
fn tables_hold(tables: &BTreeMap<&str, Found>) {
    let apart = tables["asked apart"].most();
    assert!(
        apart.iter().all(|share| *share > 0.05),
        "without complementary suppression much is found: {apart:?}"
    );
    let held = &tables["complementary suppression"];
    assert_eq!(held.most(), [0.0; 4]);
    let middle = held.middle();
    assert!(middle.iter().all(|share| *share < 0.2), "{middle:?}");
}
