//! Rounding of counts to a base. The guarantee is in `guarantee.md`.

#[cfg(test)]
mod tests;

/// The multiple of `base` next to a count; half a base goes up. A base under 2 changes nothing.
#[must_use]
pub fn to_base(count: u64, base: u64) -> u64 {
    let base = base.max(1);
    let (below, rest) = (count / base * base, count % base);
    if rest * 2 >= base && base > 1 {
        below.saturating_add(base)
    } else {
        below
    }
}
