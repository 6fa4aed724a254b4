//! The sum of a cell, and what it tells of the largest contributors: to an outsider, and to a contributor who knows what
//! it has itself (Hundepool et al., *Statistical Disclosure Control*, 2012, section 4.2.2).

use std::collections::BTreeMap;

use gongshu_engine::{Access, FieldType, Table};
use gongshu_governance::resource::{
    AggregateFunction as F, Contribution, NoiseDistribution, OutputControl, ReleaseRule,
};
use serde_json::Value;

use super::Dice;
use crate::controls::{asked_under, under};
use crate::world::{self, THRESHOLD, table, whole};

/// Who asks after whom; the last has a part in tables with totals alone.
pub(super) const ATTACKERS: [&str; 4] = [
    "largest, by outsider",
    "largest, by second",
    "second, by largest",
    "largest, by a neighbour",
];
/// How many cells there are, each with five to nine firms.
const CELLS: i64 = 120;
/// Part of the truth within which an amount counts as found: that of the p % rule.
const CLOSE: f64 = 0.1;
/// The most that a firm's amount counts where it leaves with noise.
const AMOUNT_MAX: i64 = 2_500_000;

/// A firm by the keys of its cell, and what it has.
#[derive(Debug, Clone, Copy)]
pub(super) struct Firm {
    pub(super) keys: [i64; 2],
    pub(super) amount: i64,
}

impl Firm {
    /// Some amounts are ten thousand times as large as others, so that many cells are one firm's.
    pub(super) fn new(keys: [i64; 2], dice: &mut Dice) -> Self {
        let scale = 5_i64.pow(u32::try_from(dice.within(0, 7)).unwrap());
        Self {
            keys,
            amount: scale * dice.within(50, 150),
        }
    }
}

/// The amounts of each cell, the largest first.
pub(super) fn amounts(firms: &[Firm]) -> BTreeMap<[i64; 2], Vec<f64>> {
    let mut cells: BTreeMap<[i64; 2], Vec<f64>> = BTreeMap::new();
    for firm in firms {
        cells.entry(firm.keys).or_default().push(firm.amount as f64);
    }
    cells.values_mut().for_each(|cell| cell.sort_by(|a, b| b.total_cmp(a)));
    cells
}

pub(super) fn market(firms: &[Firm]) -> Table {
    let numbers = (0..firms.len()).map(|firm| i64::try_from(firm).unwrap());
    let key = |place: usize| whole(firms.iter().map(move |firm| firm.keys[place]));
    let amounts = || whole(firms.iter().map(|firm| firm.amount));
    let private = ReleaseRule::Private {
        functions: [F::Sum].into(),
        rho_micro: 1_000_000,
        low: 0,
        high: AMOUNT_MAX,
        noise: NoiseDistribution::default(),
        contribution: Contribution::default(),
    };
    let columns = vec![
        ("firm", FieldType::Integer, ReleaseRule::Closed, whole(numbers)),
        ("a", FieldType::Integer, ReleaseRule::Group, key(0)),
        ("b", FieldType::Integer, ReleaseRule::Group, key(1)),
        ("amount", FieldType::Integer, world::aggregate(&[F::Sum]), amounts()),
        ("noisy", FieldType::Integer, private, amounts()),
    ];
    table("market", Some("firm"), true, columns)
}

/// Access under these controls; without a threshold where there is none.
pub(super) fn guarded(market: &Table, threshold: u64, controls: &[OutputControl]) -> Access {
    Access {
        threshold,
        ..under(market, controls)
    }
}

/// Between which values an attacker knows a sum to be.
pub(super) type Known = Option<(f64, f64)>;

/// Of each attacker the share of contributors that it finds: by the most that the sum can be, and by the middle.
#[derive(Debug, Clone, Default)]
pub(super) struct Found {
    pub(super) shares: [Option<[f64; 2]>; 4],
}

impl Found {
    pub(super) fn most(&self) -> [f64; 4] {
        self.shares.map(|share| share.map_or(0.0, |[most, _]| most))
    }

    pub(super) fn middle(&self) -> [f64; 4] {
        self.shares.map(|share| share.map_or(0.0, |[_, middle]| middle))
    }
}

/// What attackers find, in the counting.
#[derive(Default)]
pub(super) struct Hits([[usize; 3]; 4]);

impl Hits {
    /// An attacker who has `own`, and asks after what is there beside.
    pub(super) fn count(&mut self, attacker: usize, own: f64, wanted: f64, sum: Known) {
        let [all, most, middle] = &mut self.0[attacker];
        *all += 1;
        let Some((low, high)) = sum else { return };
        let close = |sum: f64| (sum - own - wanted).abs() < wanted * CLOSE;
        *most += usize::from(close(high));
        *middle += usize::from(close(low.midpoint(high)));
    }

    pub(super) fn found(self) -> Found {
        let share = |[all, most, middle]: [usize; 3]| {
            let of = |hits: usize| hits as f64 / all as f64;
            (all > 0).then(|| [of(most), of(middle)])
        };
        Found {
            shares: self.0.map(share),
        }
    }
}

/// What stands against the attack.
const DEFENCES: &[(&str, u64, &[OutputControl])] = &[
    ("none", 0, &[]),
    ("threshold", THRESHOLD, &[]),
    ("dominance (1, 75 %)", THRESHOLD, &[OutputControl::Dominance]),
    ("p % (10)", THRESHOLD, &[OutputControl::PPercent]),
    (
        "dominance, p %",
        THRESHOLD,
        &[OutputControl::Dominance, OutputControl::PPercent],
    ),
    ("rounding", THRESHOLD, &[OutputControl::Rounding]),
    ("cell key", THRESHOLD, &[OutputControl::CellKey]),
];

/// What each attacker finds from the sums of all cells, under each control.
pub(super) async fn attacked() -> BTreeMap<&'static str, Found> {
    let mut dice = Dice(65);
    let mut firms = Vec::new();
    for cell in 0..CELLS {
        let count = dice.within(5, 10);
        firms.extend((0..count).map(|_| Firm::new([cell, 0], &mut dice)));
    }
    let market = market(&firms);
    let mut found = BTreeMap::new();
    for (name, threshold, controls) in DEFENCES {
        let access = guarded(&market, *threshold, controls);
        found.insert(*name, found_of(&firms, &market, &access, "amount").await);
    }
    let access = guarded(&market, THRESHOLD, &[]);
    found.insert("private, ρ = 1", found_of(&firms, &market, &access, "noisy").await);
    found
}

async fn found_of(firms: &[Firm], market: &Table, access: &Access, column: &str) -> Found {
    let sql = format!("SELECT a, b, sum({column}) FROM market GROUP BY a, b");
    let (rows, _) = asked_under(access, market, &sql).await;
    let sum = |row: &Value| Some(([row[0].as_i64()?, row[1].as_i64()?], row[2].as_f64()?));
    let sums: BTreeMap<[i64; 2], f64> = rows.iter().filter_map(sum).collect();
    let mut hits = Hits::default();
    for (cell, amounts) in amounts(firms) {
        let known = sums.get(&cell).map(|sum| (*sum, *sum));
        hits.count(0, 0.0, amounts[0], known);
        hits.count(1, amounts[1], amounts[0], known);
        hits.count(2, amounts[0], amounts[1], known);
    }
    hits.found()
}
