use std::sync::LazyLock;

use super::*;
use proptest::prelude::*;

const PARAMETERS: TableParameters = TableParameters {
    deviation_max: 4,
    variance_percent: 200,
};

static TABLE: LazyLock<PerturbationTable> = LazyLock::new(|| PerturbationTable::new(PARAMETERS));

fn table() -> &'static PerturbationTable {
    &TABLE
}

fn moments(changes: &[(i64, f64)]) -> (f64, f64, f64) {
    let sum = |power: i32| {
        changes
            .iter()
            .map(|(change, p)| p * (*change as f64).powi(power))
            .sum::<f64>()
    };
    (sum(0), sum(1), sum(2))
}

#[test]
fn each_row_is_a_distribution_without_bias() {
    for count in 0..10 {
        let (total, mean, _) = moments(&table().changes(count));
        assert!(
            (total - 1.0).abs() < 1e-9 && mean.abs() < 1e-6,
            "{count}: {total} {mean}"
        );
    }
}

#[test]
fn large_counts_have_the_stated_variance() {
    for count in [4, 5, 100] {
        let (.., variance) = moments(&table().changes(count));
        assert!((variance - 2.0).abs() < 1e-6, "{count}: {variance}");
    }
}

#[test]
fn zero_stays_zero_and_nothing_becomes_negative() {
    for sum in 0..1_000 {
        let key = CellKey::of_sum(sum);
        assert_eq!(table().perturb(0, key), 0);
        assert!(table().perturb(1, key) <= 5 && table().perturb(2, key) <= 6);
    }
}

/// A statistical test: over many cells the changes come as often as the table says (chi-square, 8 degrees of
/// freedom, far beyond the 0.999 quantile of 26.1 only if it is wrong).
#[test]
fn changes_come_as_often_as_stated() {
    let (table, cells) = (table(), 100_000_u64);
    let secret = RecordSecret::new([7; 16]);
    let mut seen = std::collections::BTreeMap::new();
    for cell in 0..cells {
        let key = CellKey::of_sum(secret.record_key(&cell.to_le_bytes()));
        *seen.entry(table.perturb(50, key) as i64 - 50).or_insert(0_u64) += 1;
    }
    let distance = table.changes(50).into_iter().map(|(change, probability)| {
        let expected = probability * cells as f64;
        (seen.get(&change).copied().unwrap_or(0) as f64 - expected).powi(2) / expected
    });
    let distance: f64 = distance.sum();
    assert!(distance < 40.0, "{distance}");
}

#[test]
fn whoever_knows_the_noise_of_one_column_knows_nothing_of_another() {
    let columns = [ColumnSeed::new("t", "known"), ColumnSeed::new("t", "secret")];
    let cells = 4_000_u64;
    let noise = |sum, column| perturb_magnitude(0.0, 1.0, 100, CellKey::of_sum(sum).of_column(column));
    let pairs = (0..cells).map(|sum| columns.map(|column| noise(sum, column)));
    // The mean of the products of unrelated noise is 0, that of equal noise its variance, 13/12.
    let mean = pairs.map(|[known, secret]| known * secret).sum::<f64>() / cells as f64;
    assert!(mean.abs() < 0.1, "{mean}");
    // No two columns are written alike.
    assert_ne!(ColumnSeed::new("a", "bc"), ColumnSeed::new("ab", "c"));
}

#[test]
fn a_secret_does_not_show_itself() {
    assert_eq!(format!("{:?}", RecordSecret::new([9; 16])), "RecordSecret(secret)");
}

proptest! {
    #[test]
    fn the_same_records_have_the_same_noise_in_any_order(mut subjects in prop::collection::vec(any::<u64>(), 1..50), count in 0_u64..1_000) {
        let secret = RecordSecret::new([3; 16]);
        let sum = |subjects: &[u64]| subjects.iter().fold(0_u64, |sum, subject| sum.wrapping_add(secret.record_key(&subject.to_le_bytes())));
        let before = table().perturb(count, CellKey::of_sum(sum(&subjects)));
        subjects.reverse();
        prop_assert_eq!(before, table().perturb(count, CellKey::of_sum(sum(&subjects))));
    }

    #[test]
    fn a_magnitude_always_moves_by_the_stated_part(total in -1e9..1e9_f64, largest in 1.0..1e6_f64, sum: u64) {
        let moved = (perturb_magnitude(total, largest, 50, CellKey::of_sum(sum)) - total).abs();
        prop_assert!(moved >= largest * 0.25 - 1e-3 && moved <= largest * 0.75 + 1e-3);
    }
}
