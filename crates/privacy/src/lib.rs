//! Privacy techniques, a folder each, with the guarantee that each gives.
#![doc = include_str!("../README.md")]

pub mod accountant;
pub mod cell_key;
pub mod dominance;
pub mod masking;
pub mod noise;
pub mod p_percent;
pub mod rounding;
pub mod suppression;
