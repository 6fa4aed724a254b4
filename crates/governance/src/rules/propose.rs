//! A proposed pack put in its place among the packs in force.

use super::error::PackError;
use super::pack::Pack;

/// The packs with `proposed` in the place of the pack of the same id, or as the last layer where there is none.
///
/// # Errors
/// When a pack is not of the form of a pack.
pub fn propose<'a>(packs: &[&'a str], proposed: &'a str) -> Result<Vec<&'a str>, PackError> {
    let id = Pack::read(proposed)?.pack.id;
    let mut layers = packs.to_vec();
    for layer in &mut layers {
        if Pack::read(layer)?.pack.id == id {
            *layer = proposed;
            return Ok(layers);
        }
    }
    layers.push(proposed);
    Ok(layers)
}
