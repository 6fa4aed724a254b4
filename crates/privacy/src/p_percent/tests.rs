use super::*;
use proptest::prelude::*;

const TEN: PPercent = PPercent { percent: 10 };

#[test]
fn the_others_must_hide_the_largest() {
    assert!(TEN.is_broken(109.0, &[80.0, 22.0]), "7 of others against 8 asked for");
    assert!(!TEN.is_broken(110.0, &[80.0, 22.0]), "8 of others");
    assert!(TEN.is_broken(80.0, &[80.0]), "alone");
    assert!(!TEN.is_broken(0.0, &[]));
    assert!(TEN.is_broken(f64::NAN, &[1.0, 1.0]));
}

proptest! {
    /// The estimate that the second largest makes: the total less its own contribution bounds the largest from above.
    #[test]
    fn the_second_largest_cannot_come_close(mut sizes in prop::collection::vec(1_u32..10_000, 1..30)) {
        sizes.sort_unstable_by(|a, b| b.cmp(a));
        let sizes: Vec<f64> = sizes.into_iter().map(f64::from).collect();
        let total: f64 = sizes.iter().sum();
        let upper = total - sizes.get(1).copied().unwrap_or(0.0);
        let close = upper < sizes[0] * 1.1 - 1e-6;
        prop_assert!(!close || TEN.is_broken(total, &sizes));
    }
}
