//! Tries whether the runtime keeps rows apart: a row is scored in different places and among different neighbours, such
//! as would show in any sum or product that they entered. Its score has to be the same to the last bit.

use super::network::{BATCH_ROWS, Network};
use crate::model::ModelError;

/// What rows are made of: usual sizes, and what breaks arithmetic.
const NUMBERS: [f32; 12] = [
    0.0,
    -0.0,
    1.0,
    -1.5,
    37.0,
    1e-6,
    12_345.678,
    -9e6,
    f32::MAX,
    f32::MIN_POSITIVE,
    f32::INFINITY,
    f32::NAN,
];
/// Places in a batch where a row is tried: both ends, and around the widths of vectors.
const PLACES: [usize; 7] = [0, 1, 7, 8, 63, 200, BATCH_ROWS - 1];
/// Rows that are tried.
const ROWS: usize = 8;

/// Whether the score of a row is the same wherever and beside whomever it stands.
pub(super) fn keeps_rows_apart(network: &Network) -> Result<(), ModelError> {
    let across = network.widths.iter().sum();
    let run = |table: &[f32]| network.run(table).map_err(|_| ModelError::Failed);
    for row in 0..ROWS {
        let tried: Vec<f32> = (0..across).map(|column| number(row * 5 + column)).collect();
        let place_in = |table: &mut [f32], place: usize| table[place * across..][..across].copy_from_slice(&tried);
        let mut alone = vec![0.0; BATCH_ROWS * across];
        place_in(&mut alone, 0);
        let expected = run(&alone)?.first().copied().unwrap_or_default();
        for (company, place) in PLACES.into_iter().enumerate() {
            let neighbours = (0..BATCH_ROWS * across).map(|cell| number(cell * 7 + company));
            let mut table: Vec<f32> = neighbours.collect();
            place_in(&mut table, place);
            let score = run(&table)?.get(place).copied().unwrap_or_default();
            let both_missing = score.is_nan() && expected.is_nan();
            if !both_missing && score.to_bits() != expected.to_bits() {
                return Err(ModelError::Rows);
            }
        }
    }
    Ok(())
}

fn number(index: usize) -> f32 {
    NUMBERS.get(index % NUMBERS.len()).copied().unwrap_or_default()
}
