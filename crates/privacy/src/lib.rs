//! Privacy techniques, a folder each, with the guarantee that each gives.
#![doc = include_str!("../README.md")]

pub mod masking;
