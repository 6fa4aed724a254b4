//! Rounding of counts to a base.

use gongshu_privacy::rounding::to_base;

use super::spec::Controls;

pub(super) fn count(count: u64, controls: &Controls) -> u64 {
    controls
        .spec
        .applied
        .rounding
        .map_or(count, |base| to_base(count, base))
}
