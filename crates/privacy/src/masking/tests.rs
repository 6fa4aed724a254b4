use super::*;
use proptest::prelude::*;

#[test]
fn partial_keeps_head_and_tail_characters() {
    assert_eq!(partial("深圳市龙华区某某有限公司", 3, 4), "深圳市*****有限公司");
    assert_eq!(partial("13800001234", 3, 4), "138****1234");
}

#[test]
fn a_value_too_short_to_hide_anything_is_hidden_whole() {
    assert_eq!(partial("张三", 1, 1), "**");
    assert_eq!(partial("张", 3, 4), "*");
    assert_eq!(partial("", 1, 1), "");
}

#[test]
fn band_rounds_down_below_zero_too() {
    assert_eq!([band(37, 10), band(-3, 10), band(40, 10), band(7, 0)], [30, -10, 40, 7]);
}

#[test]
fn years_turn_on_new_year() {
    assert_eq!(year_of_day(0), 1970);
    assert_eq!(year_of_day(-1), 1969);
    assert_eq!(year_of_day(364), 1970);
    assert_eq!(year_of_day(365), 1971);
    assert_eq!(year_of_day(11_016), 2000);
    assert_eq!(year_of_day(11_322), 2000);
    assert_eq!(year_of_day(11_323), 2001);
}

proptest! {
    #[test]
    fn partial_shows_no_more_than_it_promises(value in ".{0,40}", head in 0_usize..10, tail in 0_usize..10) {
        let masked = partial(&value, head, tail);
        prop_assert_eq!(masked.chars().count(), value.chars().count());
        let same = value.chars().zip(masked.chars()).filter(|(a, b)| a == b && *a != '*').count();
        prop_assert!(same <= head + tail);
    }
}
