use super::*;
use proptest::prelude::*;

#[test]
fn half_a_base_goes_up() {
    assert_eq!(
        [0, 2, 3, 7, 8, 12, 13].map(|count| to_base(count, 5)),
        [0, 0, 5, 5, 10, 10, 15]
    );
    assert_eq!([0, 4, 5, 14, 15].map(|count| to_base(count, 10)), [0, 0, 10, 10, 20]);
    assert_eq!([to_base(7, 1), to_base(7, 0)], [7, 7]);
}

proptest! {
    #[test]
    fn it_is_a_multiple_no_farther_than_half_a_base(count in 0_u64..1_000_000, base in 1_u64..1_000) {
        let rounded = to_base(count, base);
        prop_assert_eq!(rounded % base, 0);
        prop_assert!(rounded.abs_diff(count) * 2 <= base);
    }
}
