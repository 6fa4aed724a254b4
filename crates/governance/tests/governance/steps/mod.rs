//! Steps of the path, an area a file.

mod selection;

pub(crate) use selection::selection;
