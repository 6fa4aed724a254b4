//! Privacy techniques, each with the guarantee it spends; no IO.
