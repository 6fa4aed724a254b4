//! Tables with totals: what equations and a linear program tell of the contributors to cells that are held back, to an
//! outsider, to the contributors of the cell, and to those of another cell that is held back (a neighbour).

use std::collections::BTreeMap;

use gongshu_engine::{Access, Table};
use gongshu_governance::resource::OutputControl::{Dominance, PPercent};
use serde_json::Value;

use super::Dice;
use super::cells::{Firm, Found, Hits, Known, amounts, guarded, market};
use crate::controls::asked_under;
use crate::linear_program::bounds;
use crate::totals::{Place, equations};
use crate::world::THRESHOLD;

/// How many tables there are, of three by four cells with up to nine firms each.
const TABLES: usize = 24;
const SIDES: [i64; 2] = [3, 4];

/// One answer with all totals, and the same figures from one answer for each set of keys.
const TOGETHER: &[&str] = &["SELECT a, b, sum(amount) FROM market GROUP BY CUBE (a, b)"];
const APART: &[&str] = &[
    "SELECT a, b, sum(amount) FROM market GROUP BY a, b",
    "SELECT a, NULL AS b, sum(amount) FROM market GROUP BY a",
    "SELECT NULL AS a, b, sum(amount) FROM market GROUP BY b",
    "SELECT NULL AS a, NULL AS b, sum(amount) FROM market",
];

/// What each attacker finds from the figures of all tables.
pub(super) async fn attacked() -> BTreeMap<&'static str, Found> {
    let mut dice = Dice(27);
    let (mut none, mut apart, mut together) = (Hits::default(), Hits::default(), Hits::default());
    for _ in 0..TABLES {
        let mut firms = Vec::new();
        for place in 0..SIDES[0] * SIDES[1] {
            let count = dice.within(0, 10);
            firms.extend((0..count).map(|_| Firm::new([place % SIDES[0], place / SIDES[0]], &mut dice)));
        }
        let market = market(&firms);
        let controlled = guarded(&market, THRESHOLD, &[Dominance, PPercent]);
        for (hits, access, questions) in [
            (&mut none, &guarded(&market, 0, &[]), TOGETHER),
            (&mut apart, &controlled, APART),
            (&mut together, &controlled, TOGETHER),
        ] {
            let published = published(access, &market, questions).await;
            Attacked::new(&firms, published).count(hits);
        }
    }
    BTreeMap::from([
        ("none, totals", none.found()),
        ("asked apart", apart.found()),
        ("complementary suppression", together.found()),
    ])
}

async fn published(access: &Access, market: &Table, questions: &[&str]) -> BTreeMap<Place, f64> {
    let mut published = BTreeMap::new();
    for sql in questions {
        let (rows, _) = asked_under(access, market, sql).await;
        let sum = |row: &Value| Some(([row[0].as_i64(), row[1].as_i64()], row[2].as_f64()?));
        published.extend(rows.iter().filter_map(sum));
    }
    published
}

/// A table as attackers have it.
struct Attacked {
    /// The contributors of the finest cells.
    amounts: BTreeMap<[i64; 2], Vec<f64>>,
    /// All cells, the finest first, and what is published of them.
    cells: Vec<Place>,
    published: BTreeMap<Place, f64>,
}

impl Attacked {
    fn new(firms: &[Firm], published: BTreeMap<Place, f64>) -> Self {
        let amounts = amounts(firms);
        let mut cells: Vec<Place> = amounts.keys().map(|keys| keys.map(Some)).collect();
        for [a, b] in cells.clone() {
            for total in [[a, None], [None, b], [None, None]] {
                if !cells.contains(&total) {
                    cells.push(total);
                }
            }
        }
        Self {
            amounts,
            cells,
            published,
        }
    }

    fn count(&self, hits: &mut Hits) {
        let figures = equations(&self.cells, |cell| self.published.get(cell).copied());
        let known = |place: usize, own_place: usize, own: f64| -> Known {
            if let Some(sum) = self.published.get(&self.cells[place]) {
                return Some((*sum, *sum));
            }
            let mut least = vec![0.0; self.cells.len()];
            least[own_place] = own;
            Some(bounds(&figures, &least, place))
        };
        for (place, amounts) in self.amounts.values().enumerate() {
            hits.count(0, 0.0, amounts[0], known(place, place, 0.0));
            if let [first, second, ..] = amounts[..] {
                hits.count(1, second, first, known(place, place, second));
                hits.count(2, first, second, known(place, place, first));
            }
            hits.count(3, 0.0, amounts[0], self.nearest(place, &known));
        }
    }

    /// The least of what the largest of other cells that are held back know to be the most of a cell's sum.
    fn nearest(&self, place: usize, known: &dyn Fn(usize, usize, f64) -> Known) -> Known {
        let neighbours = self.amounts.values().enumerate();
        let held = neighbours.filter(|(other, _)| *other != place && !self.published.contains_key(&self.cells[*other]));
        let by = |(other, amounts): (usize, &Vec<f64>)| known(place, other, amounts[0]);
        let nearest = held.filter_map(by).min_by(|(_, a), (_, b)| a.total_cmp(b));
        nearest.or_else(|| known(place, place, 0.0))
    }
}
