//! Evidence packages: entries of the ledger with their proofs, handed out for a dispute or an audit.
//!
//! What a court asks of data kept in a chain of hashes is that its being unaltered since can be shown (Supreme People's
//! Court, Rules of Online Litigation, 法释〔2021〕12号, article 16). That a package was made is on record with the hash of
//! its manifest, so that the package itself can be checked.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Context;
use crate::event::{Event, Moment};
use crate::identifier::{EvidenceId, PartyId};
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

/// Makes an evidence package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MakeEvidence {
    /// Its id.
    pub id: EvidenceId,
    /// Indices of the entries it proves.
    pub entries: Vec<u64>,
    /// What it is made for, such as the number of a case.
    pub purpose: String,
    /// SHA-256 of its manifest, lower-case hex. The platform fills it in.
    #[schemars(skip)]
    pub manifest_sha256: String,
}

/// An evidence package on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// What was made.
    pub made: MakeEvidence,
    /// For whom.
    pub by: PartyId,
    /// When.
    pub at: Timestamp,
}

/// Decides whether a package is made.
///
/// # Errors
/// Refuses a package for nothing, of no entries or too many, or of entries named twice.
pub fn decide_make(state: &State, command: &MakeEvidence, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let refuse = |message, remedy| Err(context.rules.refuse(Rule::EvidencePackage, message, remedy));
    if command.purpose.trim().is_empty() {
        let message = Text::new("证据包用途为空", "the purpose of the package is empty");
        return refuse(
            message,
            Text::new("请写明案号或核查事项", "name the case or the inquiry it is for"),
        );
    }
    let most = context.rules.parameters().evidence_entries_max;
    if command.entries.is_empty() || command.entries.len() > most || !command.entries.is_sorted_by(|a, b| a < b) {
        let message = Text::new(
            format!("证据包须含 1 至 {most} 个不重复的账本条目"),
            format!("a package has 1 to {most} different entries of the ledger"),
        );
        let remedy = Text::new(
            "请按序号从小到大列明，过多的分包制作",
            "list them in ascending order; split what is more",
        );
        return Err(context
            .rules
            .refuse_by(Rule::EvidencePackage, "entries_max", message, remedy));
    }
    if state.evidence.contains_key(&command.id) {
        return Err(context.rules.refuse(
            Rule::Duplicate,
            Text::new("该证据包已制作", "this package is made"),
            Text::new("如需再次制作，请使用新的编号", "make another under a new id"),
        ));
    }
    Ok(vec![Event::EvidenceMade {
        made: Box::new(command.clone()),
        by: context.actor.party.clone(),
    }])
}

/// Applies it.
pub(crate) fn evolve(state: &mut State, made: &MakeEvidence, by: &PartyId, moment: Moment) {
    let evidence = Evidence {
        made: made.clone(),
        by: by.clone(),
        at: moment.at,
    };
    state
        .evidence
        .insert_mut(made.id.clone(), std::sync::Arc::new(evidence));
}
