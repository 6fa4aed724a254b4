//! The one path and the other use cases.
