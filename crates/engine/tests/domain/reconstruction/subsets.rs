//! Counts and sums over many random subsets of known persons, solved for each person's secret by least squares and by a
//! linear program.
//!
//! The attacker is as strong as the calculus lets it be: every person is known by an open column and may be put into
//! any subset. Products of the platform are fixed queries, so a real consumer has fewer.

use gongshu_engine::{Access, Config, Engine, FieldType, Guarding, Table as Data};
use gongshu_governance::resource::{
    AggregateFunction as F, Contribution, NoiseDistribution, OutputControl, ReleaseRule,
};
use gongshu_privacy::accountant::{Budget, Rho};
use gongshu_privacy::cell_key::RecordSecret;

use super::Dice;
use crate::linear_program::{Equation, fitted};
use crate::world::{self, table, whole};

/// Persons whose secrets are wanted.
const PERSONS: usize = 40;
/// Subsets asked for: as many as persons, and three times as many.
pub(super) const QUERIES: [usize; 2] = [PERSONS, 3 * PERSONS];
/// Share of the truth within which a sum counts as found.
const CLOSE: f64 = 0.1;
/// Pulls what the answers leave open toward the middle.
const RIDGE: f64 = 1e-6;

/// Each person's secret bit (in a group column, and as a private number) and amount.
struct Secrets {
    bits: Vec<i64>,
    amounts: Vec<i64>,
}

impl Secrets {
    fn new(dice: &mut Dice) -> Self {
        let bits = (0..PERSONS).map(|_| i64::from(dice.roll().is_multiple_of(2))).collect();
        let amounts = (0..PERSONS)
            .map(|_| 100 + i64::try_from(dice.roll() % 900).unwrap())
            .collect();
        Self { bits, amounts }
    }

    fn table(&self) -> Data {
        let persons = || (0..PERSONS).map(|person| i64::try_from(person).unwrap());
        let private = ReleaseRule::Private {
            functions: [F::Sum].into(),
            rho_micro: 20_000,
            low: 0,
            high: 1,
            noise: NoiseDistribution::default(),
            contribution: Contribution::default(),
        };
        let columns = vec![
            ("person", FieldType::Integer, ReleaseRule::Closed, whole(persons())),
            ("code", FieldType::Integer, ReleaseRule::Open, whole(persons())),
            (
                "ill",
                FieldType::Integer,
                ReleaseRule::Group,
                whole(self.bits.iter().copied()),
            ),
            (
                "amount",
                FieldType::Integer,
                world::aggregate(&[F::Sum]),
                whole(self.amounts.iter().copied()),
            ),
            ("noisy", FieldType::Integer, private, whole(self.bits.iter().copied())),
        ];
        table("secrets", Some("person"), true, columns)
    }
}

/// What stands against the attack.
struct Defence {
    name: &'static str,
    threshold: u64,
    controls: &'static [OutputControl],
}

const DEFENCES: &[Defence] = &[
    Defence {
        name: "none",
        threshold: 0,
        controls: &[],
    },
    Defence {
        name: "threshold",
        threshold: world::THRESHOLD,
        controls: &[],
    },
    Defence {
        name: "dominance, p %",
        threshold: world::THRESHOLD,
        controls: &[OutputControl::Dominance, OutputControl::PPercent],
    },
    Defence {
        name: "rounding",
        threshold: world::THRESHOLD,
        controls: &[OutputControl::Rounding],
    },
    Defence {
        name: "cell key",
        threshold: world::THRESHOLD,
        controls: &[OutputControl::CellKey],
    },
    Defence {
        name: "cell key, rounding",
        threshold: world::THRESHOLD,
        controls: &[OutputControl::CellKey, OutputControl::Rounding],
    },
];

impl Defence {
    fn access(&self, table: &Data) -> Access {
        let controls = self.controls.iter().copied().collect();
        let guarding = Guarding {
            controls,
            secret: RecordSecret::new([1; 16]),
        };
        Access {
            threshold: self.threshold,
            guarding: [("secrets".to_owned(), guarding)].into(),
            ..world::access(std::slice::from_ref(table), false)
        }
    }
}

/// Asks for one value; nothing where it is held back, or where the budget is spent.
async fn ask(sql: &str, table: &Data, access: &Access, budget: &mut Budget) -> Option<f64> {
    let engine = Engine::new(Config::default()).unwrap();
    let checked = engine.check(sql, access, vec![table.clone()], &[]).await.unwrap();
    let loss = checked.derivation().losses.get("secrets").copied().unwrap_or(0);
    *budget = budget.charge(Rho::from_micro(loss)).ok()?;
    let prepared = engine.prepare(checked).await.unwrap();
    let answer = prepared
        .execute(&[], jiff::civil::date(2026, 1, 1))
        .await
        .unwrap()
        .to_json();
    answer["rows"][0][0].as_f64()
}

/// Rows of a linear system: which persons are in, and the answer.
async fn equations(select: &str, queries: usize, table: &Data, access: &Access) -> Vec<Equation> {
    let (mut dice, mut found) = (Dice(7), Vec::new());
    let mut budget = Budget {
        limit: Rho::from_micro(1_000_000),
        spent: Rho::default(),
    };
    for _ in 0..queries {
        let members: Vec<bool> = (0..PERSONS).map(|_| dice.roll().is_multiple_of(2)).collect();
        let codes = (0..PERSONS)
            .filter(|person| members[*person])
            .map(|person| person.to_string());
        let codes = codes.collect::<Vec<_>>().join(", ");
        let sql = select.replace("$subset", &format!("code IN ({codes})"));
        if let Some(answer) = ask(&sql, table, access, &mut budget).await {
            found.push((
                members.into_iter().map(|member| f64::from(u8::from(member))).collect(),
                answer,
            ));
        }
    }
    found
}

/// Least squares with a small ridge toward `middle`, by Gaussian elimination of the normal equations.
fn solve(equations: &[Equation], middle: f64) -> Vec<f64> {
    let mut matrix = vec![vec![0.0; PERSONS + 1]; PERSONS];
    for (row, line) in matrix.iter_mut().enumerate() {
        for (members, answer) in equations {
            for column in 0..PERSONS {
                line[column] += members[row] * members[column];
            }
            line[PERSONS] += members[row] * answer;
        }
        line[row] += RIDGE;
        line[PERSONS] += RIDGE * middle;
    }
    for pivot in 0..PERSONS {
        let best = (pivot..PERSONS).max_by(|a, b| matrix[*a][pivot].abs().total_cmp(&matrix[*b][pivot].abs()));
        matrix.swap(pivot, best.unwrap());
        let line = matrix[pivot].clone();
        for (row, other) in matrix.iter_mut().enumerate().filter(|(row, _)| *row != pivot) {
            let factor = other[pivot] / line[pivot];
            assert!(factor.is_finite(), "row {row} has no pivot");
            other
                .iter_mut()
                .zip(&line)
                .for_each(|(cell, above)| *cell -= factor * above);
        }
    }
    (0..PERSONS)
        .map(|row| matrix[row][PERSONS] / matrix[row][row])
        .collect()
}

/// The share of secrets that the attack finds.
fn found(truth: &[i64], guesses: &[f64], hit: impl Fn(f64, f64) -> bool) -> f64 {
    let hits = truth
        .iter()
        .zip(guesses)
        .filter(|(truth, guess)| hit(**truth as f64, **guess))
        .count();
    hits as f64 / truth.len() as f64
}

const BITS: &str = "SELECT count(*) FROM secrets WHERE ill = 1 AND $subset";
const AMOUNTS: &str = "SELECT sum(amount) FROM secrets WHERE $subset";
const NOISY: &str = "SELECT sum(noisy) FROM secrets WHERE $subset";

fn same_bit(truth: f64, guess: f64) -> bool {
    (guess > 0.5) == (truth > 0.5)
}

fn close(truth: f64, guess: f64) -> bool {
    (guess - truth).abs() <= CLOSE * truth
}

/// Shares found of bits and amounts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shares {
    pub(super) bits: f64,
    pub(super) amounts: f64,
}

/// What is found under each control, from few answers and from many, by least squares and by a linear program.
pub(super) struct Table {
    pub(super) exact: Vec<(&'static str, [[Shares; 2]; 2])>,
    /// Bits, from as many noisy answers as the budget allows.
    pub(super) private: [f64; 2],
    pub(super) private_answers: usize,
}

/// The attack on every control.
pub(super) async fn attacked() -> Table {
    let secrets = Secrets::new(&mut Dice(2026));
    let mut exact = vec![];
    for defence in DEFENCES {
        exact.push((defence.name, attacked_under(&secrets, defence).await));
    }
    let table = secrets.table();
    let noisy = equations(NOISY, QUERIES[1], &table, &DEFENCES[1].access(&table)).await;
    let private = [solve(&noisy, 0.5), fitted(&noisy, PERSONS, (0.0, 1.0))];
    Table {
        exact,
        private: private.map(|guesses| found(&secrets.bits, &guesses, same_bit)),
        private_answers: noisy.len(),
    }
}

/// What the two attackers find, for each number of queries: by least squares, and by a linear program.
async fn attacked_under(secrets: &Secrets, defence: &Defence) -> [[Shares; 2]; 2] {
    let table = secrets.table();
    let access = defence.access(&table);
    let (counts, sums) = (
        equations(BITS, QUERIES[1], &table, &access).await,
        equations(AMOUNTS, QUERIES[1], &table, &access).await,
    );
    QUERIES.map(|queries| {
        let counts = &counts[..queries.min(counts.len())];
        let sums = &sums[..queries.min(sums.len())];
        let shares = |bits: &[f64], amounts: &[f64]| Shares {
            bits: found(&secrets.bits, bits, same_bit),
            amounts: found(&secrets.amounts, amounts, close),
        };
        [
            shares(&solve(counts, 0.5), &solve(sums, 550.0)),
            shares(
                &fitted(counts, PERSONS, (0.0, 1.0)),
                &fitted(sums, PERSONS, (100.0, 1_000.0)),
            ),
        ]
    })
}
