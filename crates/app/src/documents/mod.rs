//! Documents: typeset from the record, signed by the parties outside, kept with their signatures.
//!
//! ```text
//! agreement on record ─typeset─► PDF ─signed outside─► CMS ─verified, time-stamped─► kept ─► act (hashes on record)
//! ```

mod agreement;
mod papers;
mod registration;
mod sheet;
mod sign;

pub use agreement::{agreement_paper, amendment_changes};
pub(crate) use papers::Papers;
pub use registration::certificate_paper;
pub use sheet::{ListedNotice, Notice, NoticeOf, SheetOf};
pub use sign::DocumentSigned;

use gongshu_document::Party;
use gongshu_governance::State;
use gongshu_governance::identifier::PartyId;
use sha2::{Digest, Sha256};

/// A party as papers name it.
fn party(state: &State, id: &PartyId) -> Party {
    let party = state.parties.get(id);
    Party {
        name: party.map_or_else(|| id.to_string(), |party| party.name.clone()),
        code: party.and_then(|party| party.code.clone()),
    }
}

fn term(term: &gongshu_governance::calendar::Term) -> gongshu_document::Term {
    gongshu_document::Term {
        from: term.from.to_string(),
        until: term.until.to_string(),
    }
}

fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}
