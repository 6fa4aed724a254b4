//! Files as the API shows them.

use gongshu_api as api;
use gongshu_app::governance::State;
use gongshu_app::governance::file::File;

use super::party_named;

pub(crate) fn kept_file(state: &State, file: &File) -> api::file::File {
    let of = &file.of;
    let document = state.documents.get(&of.sha256);
    api::file::File {
        id: of.id.to_string(),
        sha256: of.sha256.clone(),
        bytes: of.bytes,
        media_type: of.media_type.clone(),
        name: of.name.clone(),
        by: party_named(state, &file.by),
        at: file.at.to_string(),
        named: document.is_some_and(|document| !document.named.is_empty()),
    }
}
