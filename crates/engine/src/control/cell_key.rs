//! Cell-key perturbation: the same records always give the same noise.

use gongshu_privacy::cell_key::perturb_magnitude;

use super::cell::{Cell, Sizes};
use super::spec::Controls;

/// A count after its change. Where a subject can have several records, the noise is of the size of the largest number
/// of records that one of them has.
pub(super) fn count(count: u64, cell: &Cell, controls: &Controls) -> u64 {
    let Some(table) = &controls.table else {
        return count;
    };
    let most = largest(&cell.records);
    if most <= 1.0 || count == 0 {
        return table.perturb(count, cell.key);
    }
    noisy(count as f64, most, cell, controls).round().max(0.0) as u64
}

/// A sum after noise of the size of its largest contribution.
pub(super) fn total(total: f64, cell: &Cell, controls: &Controls) -> f64 {
    noisy(total, largest(&cell.sizes), cell, controls)
}

fn noisy(total: f64, largest: f64, cell: &Cell, controls: &Controls) -> f64 {
    match controls.spec.applied.cell_key {
        Some(perturbing) => perturb_magnitude(total, largest, perturbing.magnitude_percent, cell.magnitude_key),
        None => total,
    }
}

fn largest(sizes: &[Sizes]) -> f64 {
    let first = |(_, largest): &Sizes| largest.first().copied();
    sizes.iter().filter_map(first).fold(0.0, f64::max)
}
