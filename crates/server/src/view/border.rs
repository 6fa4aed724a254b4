//! What goes abroad, as the API shows it.

use gongshu_api as api;
use gongshu_app::Snapshot;
use gongshu_app::governance::State;
use gongshu_app::governance::border::Export;
use gongshu_app::governance::identifier::PartyId;
use gongshu_app::governance::rules::Rules;
use jiff::civil::Date;

use super::books::agreement_named;
use super::{party_named, word};

pub(crate) fn export_document(state: &State, export: &Export, today: Date) -> api::border::ExportDocument {
    let of = &export.of;
    api::border::ExportDocument {
        id: of.id.to_string(),
        agreement: agreement_named(state, &of.agreement),
        consumer: party_named(state, &of.consumer),
        path: word(&of.path),
        document_number: of.document_number.clone(),
        document_sha256: of.document_sha256.clone(),
        from: of.term.from.to_string(),
        until: of.term.until.to_string(),
        valid: export.holds(today),
        ended: export.ended.as_ref().map(|(_, reason)| reason.clone()),
        revision: export.revision,
    }
}

pub(crate) fn export_count(
    snapshot: &Snapshot,
    operator: &PartyId,
    year: i16,
    rules: &Rules,
) -> api::border::ExportCount {
    let most = &rules.parameters().export;
    let counted = snapshot.exported_by(operator, year);
    api::border::ExportCount {
        operator: party_named(&snapshot.state, operator),
        year,
        persons: counted.persons,
        sensitive: counted.sensitive,
        contract_persons: most.contract_persons,
        assessment_persons: most.assessment_persons,
        assessment_sensitive: most.assessment_sensitive,
    }
}
