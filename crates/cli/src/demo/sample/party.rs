//! Parties of the sample district.

use gongshu_app::governance::border::Region;
use gongshu_app::governance::party::Role;
use serde::Deserialize;

/// Password of every demo account.
pub(in crate::demo) const PASSWORD: &str = "gongshu-demo";

/// `parties.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Parties {
    pub(super) party: Vec<Party>,
}

/// A party and the logins of its people.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::demo) struct Party {
    pub(in crate::demo) login: String,
    /// Login of a second person, where what one files is decided by another.
    pub(in crate::demo) head: Option<String>,
    pub(in crate::demo) role: Role,
    pub(in crate::demo) name: String,
    pub(in crate::demo) code: String,
    /// Where it is; the mainland where it is left out.
    #[serde(default)]
    pub(in crate::demo) region: Region,
    /// A person's code is an opaque reference, not a unified social credit code.
    #[serde(default)]
    pub(in crate::demo) natural_person: bool,
}
