//! Dominance and the p % rule: sums and means that few contributors make up are held back.

use super::cell::{Cell, Sizes};
use super::spec::Controls;

/// Whether the sum of a cell tells too much of a contributor, in any guarded table.
pub(super) fn tells(cell: &Cell, controls: &Controls) -> bool {
    let applied = &controls.spec.applied;
    let broken = |(total, largest): &Sizes| {
        applied.dominance.is_some_and(|rule| rule.is_broken(*total, largest))
            || applied.p_percent.is_some_and(|rule| rule.is_broken(*total, largest))
    };
    cell.sizes.iter().any(broken)
}
