use super::*;
use proptest::prelude::*;

const ONE: Dominance = Dominance {
    contributors: 1,
    percent: 75,
};

#[test]
fn one_firm_over_the_share_breaks_the_rule() {
    assert!(ONE.is_broken(100.0, &[76.0, 20.0]));
    assert!(!ONE.is_broken(100.0, &[75.0, 20.0]));
    assert!(
        Dominance {
            contributors: 2,
            percent: 85
        }
        .is_broken(100.0, &[75.0, 20.0])
    );
}

#[test]
fn what_is_not_a_number_breaks_the_rule() {
    assert!(ONE.is_broken(f64::NAN, &[1.0]));
    assert!(ONE.is_broken(100.0, &[f64::NAN]));
    assert!(ONE.is_broken(f64::INFINITY, &[f64::INFINITY]));
}

#[test]
fn a_total_of_nothing_keeps_the_rule() {
    assert!(!ONE.is_broken(0.0, &[]));
    assert!(!ONE.is_broken(0.0, &[0.0, 0.0]));
}

proptest! {
    #[test]
    fn more_others_never_break_it(first in 1_u32..1_000, others in prop::collection::vec(0_u32..1_000, 0..20), more in 0_u32..1_000) {
        let total = |extra: u32| f64::from(first.max(others.iter().copied().max().unwrap_or(0))) + f64::from(others.iter().sum::<u32>()) + f64::from(extra);
        let largest = [f64::from(first.max(others.iter().copied().max().unwrap_or(0)))];
        prop_assert!(!ONE.is_broken(total(more), &largest) || ONE.is_broken(total(0), &largest));
    }
}
